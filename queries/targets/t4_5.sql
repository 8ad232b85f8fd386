-- t4.5 为中小微企业减负 (Burden relief for MSMEs)
-- relief of the year, 亿元: read by itself, and added up over the years since the baseline
-- grain: reading, unit, year
SELECT
    r.target,
    r.reading,
    a.unit,
    a."year",
    CAST(CAST(f.relief_msme AS DECIMAL(28, 2)) * 0.00000001 AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.fiscal_funds AS f
JOIN staging.assessed AS a ON a.unit = f.unit AND a."year" = f."year" AND a.kind = 'county'
JOIN reference.target_readings AS r ON r.target = 't4.5'
