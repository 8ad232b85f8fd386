-- t3.2 新增小微企业首贷户 (New first-time borrowers)
-- first-time borrowers of the year
-- grain: reading, unit, year
SELECT
    't3.2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(l.first_borrowers AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.small_loans AS l
JOIN staging.assessed AS a ON a.unit = l.unit AND a."year" = l."year" AND a.kind = 'county'
