-- e3 公司制占企业总体比例 (Share of companies (corporate form) among enterprises)
-- 100 × companies / enterprises in business at the year's end
-- grain: target, period, reading
WITH parts AS (
    SELECT
        t.target,
        t."year",
        'single' AS reading,
        c.amount AS numerator,
        c.whole AS denominator,
        CAST(NULL AS VARCHAR) AS reported_by,
        CAST(NULL AS VARCHAR) AS reported_month
    FROM staging.target_years AS t
    LEFT JOIN targets.city AS c ON c.target = t.target AND c.reading = 'single' AND c."year" = t."year"
    WHERE t.target = 'e3'
)
SELECT
    t.target,
    t.period,
    p.reading,
    CAST(
        CAST(100 * p.numerator AS DOUBLE) / CAST(NULLIF(p.denominator, 0) AS DOUBLE) AS DECIMAL(38, 8)
    ) AS figure,
    CAST(
        CAST(100 * b.amount AS DOUBLE) / CAST(NULLIF(b.whole, 0) AS DOUBLE) AS DECIMAL(38, 8)
    ) AS baseline_figure,
    t.target_value,
    CASE
        WHEN t.comparator <> 'le'
            THEN
                CAST(100 * p.numerator AS DOUBLE)
                / CAST(NULLIF(t.target_value * p.denominator, 0) AS DOUBLE)
    END AS progress,
    t.time_share,
    CASE
        WHEN p.numerator IS NULL OR p.denominator IS NULL OR p.denominator = 0 THEN 'missing'
        WHEN
            (t.comparator = 'full' AND 100 * p.numerator >= t.target_value * p.denominator)
            OR (t.comparator = 'le' AND 100 * p.numerator <= t.target_value * p.denominator)
            OR (t.comparator = 'approx' AND 100 * p.numerator >= (t.target_value - 0.5) * p.denominator)
            THEN 'reached'
        ELSE 'not_reached'
    END AS status,
    CAST(NULL AS DOUBLE) AS forecast,
    p.numerator,
    p.denominator,
    p.reported_by,
    p.reported_month
FROM parts AS p
JOIN staging.target_years AS t ON t.target = p.target AND t."year" = p."year"
LEFT JOIN targets.city AS b ON b.target = p.target AND b.reading = p.reading AND b."year" = t.baseline_year
