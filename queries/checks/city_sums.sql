-- Shares that are both a target of the city and an indicator of counties: what is divided and what by, over
-- the city, against the sum over the counties.
-- grain: unit, period, subject
WITH pairs AS (
    SELECT target, indicator
    FROM (VALUES
        ('t4.4', 'p6_01'),
        ('t5.2', 'p7_06'),
        ('t5.4', 'p7_01'),
        ('e2', 'p5_07'),
        ('e3', 'p7_03'),
        ('e4', 'p6_05')
    ) AS v (target, indicator)
),
sums AS (
    SELECT
        v.indicator,
        v.period,
        COUNT(*) AS counties,
        COUNT(v.numerator) AS numerators,
        SUM(v.numerator) AS numerator,
        SUM(v.denominator) AS denominator
    FROM overview.indicators AS v
    JOIN staging.assessed AS a ON a.unit = v.unit AND a.period = v.period AND a.kind = 'county'
    GROUP BY v.indicator, v.period
),
compared AS (
    SELECT
        t.target,
        t.period,
        t.numerator AS city_numerator,
        t.denominator AS city_denominator,
        s.numerator,
        s.denominator
    FROM targets.progress AS t
    JOIN pairs AS p ON p.target = t.target
    JOIN sums AS s ON s.indicator = p.indicator AND s.period = t.period
    WHERE s.numerators = s.counties
)
SELECT
    u.id AS unit,
    c.period,
    concat(c.target, ' numerator') AS subject,
    CAST(c.city_numerator AS DECIMAL(38, 8)) AS found,
    CAST(c.numerator AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM compared AS c
CROSS JOIN reference.units AS u
WHERE u.kind = 'city' AND (c.city_numerator IS NULL OR c.city_numerator <> c.numerator)
UNION ALL
SELECT
    u.id AS unit,
    c.period,
    concat(c.target, ' denominator') AS subject,
    CAST(c.city_denominator AS DECIMAL(38, 8)) AS found,
    CAST(c.denominator AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM compared AS c
CROSS JOIN reference.units AS u
WHERE u.kind = 'city' AND (c.city_denominator IS NULL OR c.city_denominator <> c.denominator)
