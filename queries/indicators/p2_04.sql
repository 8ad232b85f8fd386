-- p2_04 规上工业数字化改造率 (Digital upgrading of industry)
-- 100 × industrial enterprises above scale that are digitally upgraded / industrial enterprises above scale
WITH parts AS (
    SELECT
        a.unit,
        a.kind,
        a.period,
        CAST(b.industry_upgraded AS DECIMAL(38, 8)) AS numerator,
        CAST(b.industry AS DECIMAL(38, 8)) AS denominator,
        CAST(b.industry AS BIGINT) AS sample_size,
        CAST(NULL AS DOUBLE) AS coverage,
        FALSE AS reconstructed,
        x.flag AS series_flag
    FROM staging.assessed AS a
    LEFT JOIN staging.above_scale AS b ON b.unit = a.unit AND b."year" = a."year"
    LEFT JOIN staging.series_flags AS x
        ON x.contract = 'above_scale' AND x.unit = a.unit AND x.period = a.period
)
SELECT
    p.unit,
    p.period,
    CASE
        WHEN p.kind = 'zone' AND NOT i.zones THEN 'not_available_by_design'
        WHEN p.numerator IS NULL OR p.denominator IS NULL THEN 'missing'
        WHEN p.denominator = 0 THEN 'zero_denominator'
        WHEN p.sample_size < i.minimum_denominator OR p.coverage < i.minimum_coverage THEN 'unstable'
        WHEN p.reconstructed THEN 'reconstructed'
        ELSE 'ok'
    END AS status,
    concat_ws(
        ',',
        p.series_flag,
        CASE WHEN p.reconstructed THEN 'reconstructed' END,
        CASE WHEN p.sample_size < i.minimum_denominator OR p.coverage < i.minimum_coverage THEN 'unstable' END
    ) AS flags,
    CASE
        WHEN p.denominator <> 0 AND p.numerator = p.denominator AND (p.kind <> 'zone' OR i.zones)
            THEN CAST(100 AS DOUBLE)
        WHEN p.denominator <> 0 AND (p.kind <> 'zone' OR i.zones)
            THEN CAST(100 * p.numerator AS DOUBLE) / CAST(p.denominator AS DOUBLE)
    END AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    p.coverage,
    p.numerator,
    p.denominator,
    p.sample_size
FROM parts AS p
CROSS JOIN reference.indicators AS i
WHERE i.id = 'p2_04'
