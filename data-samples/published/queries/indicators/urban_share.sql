-- 常住人口城镇化率（Urban share of resident population）
-- grain: unit, period    unit of measure: 1    source: 温州市统计局《2021年温州市人口主要数据公报》，2022年3月1日
SELECT
    m.unit,
    p.period,
    CASE WHEN s.urban_share IS NULL THEN 'missing' ELSE 'ok' END AS status,
    '' AS flags,
    CAST(s.urban_share AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    CAST(NULL AS DOUBLE) AS coverage,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    CAST(NULL AS BIGINT) AS sample_size
FROM reference.memberships AS m
JOIN reference.periods AS p ON p.period IN ('2021')
LEFT JOIN staging.population AS s ON s.unit = m.unit AND s.period = p.period
WHERE m.partition = 'p12'
