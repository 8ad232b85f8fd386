-- AQI优良率（Share of days with good air）
-- grain: unit, period    unit of measure: 1    source: 温州市生态环境局《2024年10月温州市环境空气质量月报》，2024年11月12日
SELECT
    m.unit,
    p.period,
    CASE WHEN s.good_air_rate IS NULL THEN 'missing' ELSE 'ok' END AS status,
    '' AS flags,
    CAST(s.good_air_rate AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    CAST(NULL AS DOUBLE) AS coverage,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    CAST(NULL AS BIGINT) AS sample_size
FROM reference.memberships AS m
JOIN reference.periods AS p ON p.period IN ('2023-10', '2024-10')
LEFT JOIN staging.air_good_days AS s ON s.unit = m.unit AND s.period = p.period
WHERE m.partition = 'p12'
