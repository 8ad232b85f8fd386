-- t3.3 首贷金额 (Amount lent to first-time borrowers)
-- amount lent to first-time borrowers in the year, 亿元
-- grain: reading, unit, year
SELECT
    't3.3' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(CAST(l.first_amount AS DECIMAL(28, 2)) * 0.00000001 AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.small_loans AS l
JOIN staging.assessed AS a ON a.unit = l.unit AND a."year" = l."year" AND a.kind = 'county'
