-- t1.2 规上工业企业 (Industrial enterprises above designated size)
-- industrial enterprises above designated size at the year's end
-- grain: reading, unit, year
SELECT
    't1.2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(x.industry AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.above_scale AS x
JOIN staging.assessed AS a ON a.unit = x.unit AND a."year" = x."year" AND a.kind = 'county'
