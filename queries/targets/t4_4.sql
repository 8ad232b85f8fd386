-- t4.4 全市重点经济强镇企业服务中心覆盖 (Enterprise service centres in key economic towns)
-- key towns with a centre of key towns, as last reported in the year
-- grain: reading, unit, year
SELECT
    't4.4' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(j.towns_with_centre AS DECIMAL(38, 8)) AS amount,
    CAST(j.key_towns AS DECIMAL(38, 8)) AS whole
FROM staging.joint_sheets AS j
JOIN staging.assessed AS a ON a.unit = j.unit AND a."year" = j."year" AND a.kind = 'county'
