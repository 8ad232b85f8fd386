-- p5_01 普惠小微贷款增速差 (Growth lead of inclusive small loans)
-- 100 × (i₁/i₀ − t₁/t₀) = 100 × (i₁t₀ − t₁i₀) / (i₀t₀): inclusive and all loans, this December and the last
-- In 百万元 with four decimals (百元): exact for what is sent in 万元 or 亿元, and no product of two is too long.
-- Between a year with a joint figure and one without there is no growth.
WITH loans AS (
    SELECT
        unit,
        "year",
        CAST(inclusive_loans * 0.000001 AS DECIMAL(20, 4)) AS inclusive,
        CAST(total_loans * 0.000001 AS DECIMAL(20, 4)) AS total
    FROM staging.small_loans
),
parts AS (
    SELECT
        a.unit,
        a.kind,
        a.period,
        CASE
            WHEN COALESCE(j.flag, '') = COALESCE(k.flag, '')
                THEN CAST(l.inclusive * b.total - l.total * b.inclusive AS DECIMAL(38, 8))
        END AS numerator,
        CASE
            WHEN COALESCE(j.flag, '') = COALESCE(k.flag, '')
                THEN CAST(b.inclusive * b.total AS DECIMAL(38, 8))
        END AS denominator,
        CAST(
            CASE
                WHEN l.unit IS NOT NULL AND b.unit IS NOT NULL THEN 2
                WHEN l.unit IS NOT NULL OR b.unit IS NOT NULL THEN 1
            END AS BIGINT
        ) AS sample_size,
        CAST(NULL AS DOUBLE) AS coverage,
        FALSE AS reconstructed,
        j.flag AS series_flag
    FROM staging.assessed AS a
    LEFT JOIN loans AS l ON l.unit = a.unit AND l."year" = a."year"
    LEFT JOIN loans AS b ON b.unit = a.unit AND b."year" = a."year" - 1
    LEFT JOIN staging.series_flags AS j
        ON j.contract = 'sme_loan' AND j.unit = a.unit AND j.period = a.period
    LEFT JOIN staging.series_flags AS k
        ON k.contract = 'sme_loan' AND k.unit = a.unit AND k.period = CAST(a."year" - 1 AS VARCHAR)
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
WHERE i.id = 'p5_01'
