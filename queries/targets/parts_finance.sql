-- What each county has of the targets of finance, by year, money in 亿元: loans at the end of December (t3.1,
-- t3.4), first borrowers and first loans of the year (t3.2, t3.3), relief of the year (t4.5), and the fees of
-- guarantees started in the year with the amounts they are paid for (e2).
-- grain: target, reading, unit, year
WITH first_loans AS (
    SELECT
        s.scope AS unit,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        CASE WHEN COUNT(x.first_amount_ytd) = MAX(s.parts) THEN SUM(x.first_amount_ytd) END AS of_all,
        x.bank_group
    FROM extracts.sme_loan AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE (x._of_which IS NULL OR s.scope = x.unit) AND substr(x.period, 5) = '-12'
    GROUP BY s.scope, x.period, x.bank_group
),
first_amounts AS (
    SELECT
        unit,
        "year",
        CASE
            WHEN COUNT(*) FILTER (WHERE bank_group = 'all') > 0
                THEN MAX(of_all) FILTER (WHERE bank_group = 'all')
            WHEN COUNT(of_all) = COUNT(*) THEN SUM(of_all)
        END AS first_amount
    FROM first_loans
    GROUP BY unit, "year"
),
money AS (
    SELECT 't3.1' AS target, unit, "year", CAST(sme_loans AS DECIMAL(28, 2)) AS yuan
    FROM staging.small_loans
    UNION ALL
    SELECT 't3.3' AS target, unit, "year", CAST(first_amount AS DECIMAL(28, 2)) AS yuan
    FROM first_amounts
    UNION ALL
    SELECT 't3.4' AS target, unit, "year", CAST(renewal_loans AS DECIMAL(28, 2)) AS yuan
    FROM staging.small_loans
    UNION ALL
    SELECT 't4.5' AS target, unit, "year", CAST(relief_msme AS DECIMAL(28, 2)) AS yuan
    FROM staging.fiscal_funds
)
SELECT
    m.target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(m.yuan * 0.00000001 AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM money AS m
JOIN staging.assessed AS a ON a.unit = m.unit AND a."year" = m."year" AND a.kind = 'county'
UNION ALL
SELECT
    't3.2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(l.first_borrowers AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.small_loans AS l
JOIN staging.assessed AS a ON a.unit = l.unit AND a."year" = l."year" AND a.kind = 'county'
UNION ALL
SELECT
    'e2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(COALESCE(g.fees, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(COALESCE(g.amount, 0) AS DECIMAL(38, 8)) AS whole
FROM staging.assessed AS a
JOIN staging.delivered AS d ON d.contract = 'guarantee' AND d."year" = a."year"
LEFT JOIN staging.guarantees AS g ON g.unit = a.unit AND g."year" = a."year"
WHERE a.kind = 'county'
