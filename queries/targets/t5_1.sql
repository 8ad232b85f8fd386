-- t5.1 五大传统支柱行业“企检服务中心” (Enterprise-procuratorate service centres in the five traditional pillar industries)
-- industries with a centre, as last reported in the year; done is a share of the base reported, to be 5
-- grain: target, period, reading
SELECT
    t.target,
    t.period,
    'single' AS reading,
    CAST(r.value AS DECIMAL(38, 8)) AS figure,
    CAST(b.value AS DECIMAL(38, 8)) AS baseline_figure,
    t.target_value,
    CAST(r.value AS DOUBLE) / CAST(NULLIF(r.base, 0) AS DOUBLE) AS progress,
    t.time_share,
    CASE
        WHEN r.value IS NULL THEN 'missing'
        WHEN r.value >= t.target_value THEN 'reached'
        ELSE 'not_reached'
    END AS status,
    CAST(NULL AS DOUBLE) AS forecast,
    CAST(r.value AS DECIMAL(38, 8)) AS numerator,
    CAST(r.base AS DECIMAL(38, 8)) AS denominator,
    r.department AS reported_by,
    r.month AS reported_month
FROM staging.target_years AS t
LEFT JOIN targets.reported AS r ON r.target = t.target AND r."year" = t."year"
LEFT JOIN targets.reported AS b ON b.target = t.target AND b."year" = t.baseline_year
WHERE t.target = 't5.1'
