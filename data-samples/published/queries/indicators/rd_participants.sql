-- 规上工业R&D项目参加人员（People in R&D projects of industry above designated size）
-- grain: unit, period    unit of measure: 人    source: 温州市统计局《温州统计年鉴》表9-6，2018年11月20日
SELECT
    m.unit,
    p.period,
    CASE WHEN s.participants IS NULL THEN 'missing' ELSE 'ok' END AS status,
    '' AS flags,
    CAST(s.participants AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    CAST(NULL AS DOUBLE) AS coverage,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    CAST(NULL AS BIGINT) AS sample_size
FROM reference.memberships AS m
JOIN reference.periods AS p ON p.period IN ('2017')
LEFT JOIN staging.rd_projects AS s ON s.unit = m.unit AND s.period = p.period
WHERE m.partition = 'p11'
