-- p1_02 三年存活率 (Three-year survival rate)
-- 100 × enterprises of T-3 still in business at the end of T / enterprises founded in T-3
WITH parts AS (
    SELECT
        a.unit,
        a.kind,
        a.period,
        CAST(f.cohort_living AS DECIMAL(38, 8)) AS numerator,
        CAST(f.cohort AS DECIMAL(38, 8)) AS denominator,
        CAST(f.cohort AS BIGINT) AS sample_size,
        CAST(NULL AS DOUBLE) AS coverage,
        COALESCE(f.reconstructed, FALSE) AS reconstructed,
        CAST(NULL AS VARCHAR) AS series_flag
    FROM staging.assessed AS a
    LEFT JOIN staging.enterprise_flows AS f ON f.unit = a.unit AND f."year" = a."year"
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
WHERE i.id = 'p1_02'
