-- e4 小微企业园数字化园区覆盖 (Digital-park coverage of small-enterprise parks by 2025)
-- digital parks of parks in operation at the year's end
-- grain: reading, unit, year
SELECT
    'e4' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(p.digital_micro_parks AS DECIMAL(38, 8)) AS amount,
    CAST(p.micro_parks AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN staging.assessed AS a ON a.unit = p.unit AND a."year" = p."year" AND a.kind = 'county'
