-- p2_08 质量认证企业密度 (Certified enterprises)
-- 1000 × enterprises with a valid management-system certificate / enterprises in business at the year's end
WITH parts AS (
    SELECT
        a.unit,
        a.kind,
        a.period,
        CAST(j.certified_enterprises AS DECIMAL(38, 8)) AS numerator,
        CAST(s.enterprises AS DECIMAL(38, 8)) AS denominator,
        CAST(s.enterprises AS BIGINT) AS sample_size,
        CAST(NULL AS DOUBLE) AS coverage,
        COALESCE(s.reconstructed, FALSE) AS reconstructed,
        x.flag AS series_flag
    FROM staging.assessed AS a
    LEFT JOIN staging.joint_sheets AS j ON j.unit = a.unit AND j."year" = a."year"
    LEFT JOIN staging.enterprise_stocks AS s ON s.unit = a.unit AND s."year" = a."year"
    LEFT JOIN staging.series_flags AS x
        ON x.contract = 'joint_sheet' AND x.unit = a.unit AND x.period = a.period
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
            THEN CAST(1000 AS DOUBLE)
        WHEN p.denominator <> 0 AND (p.kind <> 'zone' OR i.zones)
            THEN CAST(1000 * p.numerator AS DOUBLE) / CAST(p.denominator AS DOUBLE)
    END AS value,
    CAST(NULL AS DOUBLE) AS standard_error,
    CAST(NULL AS DOUBLE) AS effective_n,
    p.coverage,
    p.numerator,
    p.denominator,
    p.sample_size
FROM parts AS p
CROSS JOIN reference.indicators AS i
WHERE i.id = 'p2_08'
