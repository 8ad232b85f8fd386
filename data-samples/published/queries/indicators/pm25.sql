-- PM2.5平均浓度（Mean concentration of PM2.5）
-- grain: unit, period    unit of measure: μg/m3    source: 温州市生态环境局《2024年10月温州市环境空气质量月报》，2024年11月12日
SELECT
    m.unit,
    p.period,
    CASE WHEN s.pm25 IS NULL THEN 'missing' ELSE 'ok' END AS status,
    '' AS flags,
    CAST(s.pm25 AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    CAST(NULL AS DOUBLE) AS coverage,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    CAST(NULL AS BIGINT) AS sample_size
FROM reference.memberships AS m
JOIN reference.periods AS p ON p.period IN ('2023-10', '2024-10')
LEFT JOIN staging.air_pm25 AS s ON s.unit = m.unit AND s.period = p.period
WHERE m.partition = 'p12'
