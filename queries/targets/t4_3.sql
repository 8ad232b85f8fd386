-- t4.3 新增孵化空间面积 (New incubation space)
-- floor area of incubation spaces completed or in operation at the year's end, 平方米
-- grain: reading, unit, year
SELECT
    't4.3' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(p.incubation_area AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN staging.assessed AS a ON a.unit = p.unit AND a."year" = p."year" AND a.kind = 'county'
