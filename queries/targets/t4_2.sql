-- t4.2 新增小微企业园建筑面积 (New park floor area)
-- floor area of small-enterprise parks completed or in operation at the year's end, 平方米
-- grain: reading, unit, year
SELECT
    't4.2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(p.micro_park_area AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN staging.assessed AS a ON a.unit = p.unit AND a."year" = p."year" AND a.kind = 'county'
