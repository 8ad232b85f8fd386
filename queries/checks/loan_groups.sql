-- Loans of the groups of banks added up, against the row of all banks, where they differ by more than
-- rounding to 万元 can. Only where every group came.
-- grain: unit, period, subject
WITH figures AS (
    SELECT unit, period, bank_group, 'total_loans' AS subject, CAST(total_loans AS DECIMAL(38, 8)) AS amount
    FROM extracts.sme_loan
    UNION ALL
    SELECT unit, period, bank_group, 'sme_loans' AS subject, CAST(sme_loans AS DECIMAL(38, 8)) AS amount
    FROM extracts.sme_loan
    UNION ALL
    SELECT
        unit,
        period,
        bank_group,
        'inclusive_loans' AS subject,
        CAST(inclusive_loans AS DECIMAL(38, 8)) AS amount
    FROM extracts.sme_loan
    UNION ALL
    SELECT unit, period, bank_group, 'credit_loans' AS subject, CAST(credit_loans AS DECIMAL(38, 8)) AS amount
    FROM extracts.sme_loan
    UNION ALL
    SELECT
        unit,
        period,
        bank_group,
        'renewal_loans' AS subject,
        CAST(renewal_loans AS DECIMAL(38, 8)) AS amount
    FROM extracts.sme_loan
),
sums AS (
    SELECT
        unit,
        period,
        subject,
        SUM(amount) FILTER (WHERE bank_group <> 'all') AS of_groups,
        COUNT(amount) FILTER (WHERE bank_group <> 'all') AS with_groups,
        MAX(amount) FILTER (WHERE bank_group = 'all') AS of_all
    FROM figures
    GROUP BY unit, period, subject
)
SELECT
    unit,
    period,
    subject,
    CAST(of_groups AS DECIMAL(38, 8)) AS found,
    CAST(of_all AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM sums
WHERE with_groups = 6 AND abs(of_groups - of_all) > 10000 * with_groups
