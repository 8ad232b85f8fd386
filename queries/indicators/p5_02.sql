-- p5_02 小微企业贷款覆盖面 (Borrower coverage)
-- 100 × small and micro borrowers at the end of December / enterprises in business at the end of the year
WITH parts AS (
    SELECT
        a.unit,
        a.kind,
        a.period,
        CAST(l.sme_borrowers AS DECIMAL(38, 8)) AS numerator,
        CAST(s.enterprises AS DECIMAL(38, 8)) AS denominator,
        CAST(s.enterprises AS BIGINT) AS sample_size,
        CAST(NULL AS DOUBLE) AS coverage,
        COALESCE(s.reconstructed, FALSE) AS reconstructed,
        j.flag AS series_flag
    FROM staging.assessed AS a
    LEFT JOIN staging.small_loans AS l ON l.unit = a.unit AND l."year" = a."year"
    LEFT JOIN staging.enterprise_stocks AS s ON s.unit = a.unit AND s."year" = a."year"
    LEFT JOIN staging.series_flags AS j
        ON j.contract = 'sme_loan' AND j.unit = a.unit AND j.period = a.period
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
WHERE i.id = 'p5_02'
