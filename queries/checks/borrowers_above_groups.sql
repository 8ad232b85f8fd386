-- Borrowers of all banks, against the groups added up, where every group came.
-- grain: unit, period
SELECT
    x.unit,
    x.period,
    'sme_borrowers' AS subject,
    CAST(MAX(x.sme_borrowers) FILTER (WHERE x.bank_group = 'all') AS DECIMAL(38, 8)) AS found,
    CAST(SUM(x.sme_borrowers) FILTER (WHERE x.bank_group <> 'all') AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM extracts.sme_loan AS x
GROUP BY x.unit, x.period
HAVING
    COUNT(x.sme_borrowers) FILTER (WHERE x.bank_group <> 'all') = 6
    AND MAX(x.sme_borrowers) FILTER (WHERE x.bank_group = 'all')
    > SUM(x.sme_borrowers) FILTER (WHERE x.bank_group <> 'all')
