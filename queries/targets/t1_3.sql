-- t1.3 限额以上企业 (Trade and catering enterprises above designated size)
-- enterprises of wholesale, retail, lodging and catering above designated size at the year's end
-- grain: reading, unit, year
SELECT
    't1.3' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(x.trade AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.above_scale AS x
JOIN staging.assessed AS a ON a.unit = x.unit AND a."year" = x."year" AND a.kind = 'county'
