-- t1.6 省级隐形冠军企业 (Provincial 'hidden champions')
-- enterprises ever granted the title by the year's end; those with a valid one
-- grain: target, period, reading
WITH parts AS (
    SELECT
        t.target,
        t."year",
        'ever' AS reading,
        c.amount AS figure,
        b.amount AS baseline_figure,
        b.amount AS line_start
    FROM staging.target_years AS t
    LEFT JOIN targets.city AS c ON c.target = t.target AND c.reading = 'ever' AND c."year" = t."year"
    LEFT JOIN targets.city AS b ON b.target = t.target AND b.reading = 'ever' AND b."year" = t.baseline_year
    WHERE t.target = 't1.6'
    UNION ALL
    SELECT
        t.target,
        t."year",
        'valid' AS reading,
        c.amount AS figure,
        b.amount AS baseline_figure,
        b.amount AS line_start
    FROM staging.target_years AS t
    LEFT JOIN targets.city AS c ON c.target = t.target AND c.reading = 'valid' AND c."year" = t."year"
    LEFT JOIN targets.city AS b ON b.target = t.target AND b.reading = 'valid' AND b."year" = t.baseline_year
    WHERE t.target = 't1.6'
)
SELECT
    t.target,
    t.period,
    p.reading,
    p.figure,
    p.baseline_figure,
    t.target_value,
    CAST(p.figure AS DOUBLE) / CAST(NULLIF(t.target_value, 0) AS DOUBLE) AS progress,
    t.time_share,
    CASE
        WHEN p.figure IS NULL THEN 'missing'
        WHEN p.figure > t.target_value OR (t.comparator = 'ge' AND p.figure = t.target_value) THEN 'reached'
        WHEN t.time_share IS NULL OR t.days_done >= t.days_all THEN 'not_reached'
        WHEN p.figure * t.days_all >= t.target_value * t.days_done THEN 'ahead'
        ELSE 'behind'
    END AS status,
    CASE
        WHEN t.days_done > 0 AND t.days_done < t.days_all
            THEN
                CAST(p.line_start * t.days_done + (p.figure - p.line_start) * t.days_all AS DOUBLE)
                / CAST(t.days_done AS DOUBLE)
    END AS forecast,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    CAST(NULL AS VARCHAR) AS reported_by,
    CAST(NULL AS VARCHAR) AS reported_month
FROM parts AS p
JOIN staging.target_years AS t ON t.target = p.target AND t."year" = p."year"
