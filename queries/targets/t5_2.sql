-- t5.2 中小微企业法律顾问服务网格化覆盖 (Legal-adviser coverage of service grids)
-- service grids with an adviser of service grids, as last reported in the year
-- grain: reading, unit, year
SELECT
    't5.2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(j.grids_with_adviser AS DECIMAL(38, 8)) AS amount,
    CAST(j.grids AS DECIMAL(38, 8)) AS whole
FROM staging.joint_sheets AS j
JOIN staging.assessed AS a ON a.unit = j.unit AND a."year" = j."year" AND a.kind = 'county'
