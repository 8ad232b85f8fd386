-- t5.3 中小微企业权益保护救济机制常态化建立 (Standing rights-relief mechanism)
-- 1 if the last report of the year says done, else 0
-- grain: target, period, reading
SELECT
    t.target,
    t.period,
    'single' AS reading,
    CAST(CASE WHEN r.status = 'done' THEN 1 WHEN r.status IS NOT NULL THEN 0 END AS DECIMAL(38, 8)) AS figure,
    CAST(
        CASE WHEN b.status = 'done' THEN 1 WHEN b.status IS NOT NULL THEN 0 END AS DECIMAL(38, 8)
    ) AS baseline_figure,
    t.target_value,
    CAST(CASE WHEN r.status = 'done' THEN 1 WHEN r.status IS NOT NULL THEN 0 END AS DOUBLE) AS progress,
    t.time_share,
    CASE
        WHEN r.status IS NULL THEN 'missing'
        WHEN r.status = 'done' THEN 'reached'
        ELSE 'not_reached'
    END AS status,
    CAST(NULL AS DOUBLE) AS forecast,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    r.department AS reported_by,
    r.month AS reported_month
FROM staging.target_years AS t
LEFT JOIN targets.reported AS r ON r.target = t.target AND r."year" = t."year"
LEFT JOIN targets.reported AS b ON b.target = t.target AND b."year" = t.baseline_year
WHERE t.target = 't5.3'
