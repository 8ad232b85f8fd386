-- t3.4 小微企业无还本续贷余额 (Balance of loans renewed without repayment of principal)
-- loans renewed without repayment at the end of December, 亿元
-- grain: reading, unit, year
SELECT
    't3.4' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(CAST(l.renewal_loans AS DECIMAL(28, 2)) * 0.00000001 AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.small_loans AS l
JOIN staging.assessed AS a ON a.unit = l.unit AND a."year" = l."year" AND a.kind = 'county'
