-- p4_07 企业开办时长 (Time to open a business)
-- median of the hours from acceptance to completion, openings completed in the year, with clock times
WITH parts AS (
    SELECT
        a.unit,
        a.kind,
        a.period,
        CAST(c.timed_openings AS BIGINT) AS sample_size,
        CAST(c.timed_openings AS DOUBLE) / CAST(NULLIF(c.openings, 0) AS DOUBLE) AS coverage,
        FALSE AS reconstructed,
        x.flag AS series_flag,
        CAST(c.opening_seconds AS DOUBLE) / CAST(3600 AS DOUBLE) AS median
    FROM staging.assessed AS a
    LEFT JOIN staging.service_cases AS c ON c.unit = a.unit AND c."year" = a."year"
    LEFT JOIN staging.series_flags AS x
        ON x.contract = 'service_case' AND x.unit = a.unit AND x.period = a.period
)
SELECT
    p.unit,
    p.period,
    CASE
        WHEN p.kind = 'zone' AND NOT i.zones THEN 'not_available_by_design'
        WHEN p.sample_size IS NULL THEN 'missing'
        WHEN p.sample_size = 0 THEN 'zero_denominator'
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
        WHEN p.sample_size > 0 AND (p.kind <> 'zone' OR i.zones) THEN p.median
    END AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    p.coverage,
    CAST(NULL AS DECIMAL(38, 8)) AS numerator,
    CAST(NULL AS DECIMAL(38, 8)) AS denominator,
    p.sample_size
FROM parts AS p
CROSS JOIN reference.indicators AS i
WHERE i.id = 'p4_07'
