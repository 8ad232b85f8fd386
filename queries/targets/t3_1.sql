-- t3.1 小微企业贷款余额 (Loan balance, small and micro enterprises)
-- loans to small and micro enterprises at the end of December, 亿元
-- grain: reading, unit, year
SELECT
    't3.1' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(CAST(l.sme_loans AS DECIMAL(28, 2)) * 0.00000001 AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.small_loans AS l
JOIN staging.assessed AS a ON a.unit = l.unit AND a."year" = l."year" AND a.kind = 'county'
