-- The figure of each target for each county and the city at the end of each year, made from its amounts by
-- the rule of the reading (reference.target_readings): as it stands, less the baseline's, added up since the
-- baseline, or in percent of the whole. What counts from the baseline has no row for years that end on it or
-- before; a county has none for what it does not add to. `line_start` is where the line of a forecast begins.
-- grain: target, reading, unit, period
WITH units AS (
    SELECT DISTINCT unit, kind FROM staging.assessed WHERE kind = 'county'
    UNION ALL
    SELECT id AS unit, kind FROM reference.units WHERE kind = 'city'
),
added AS (
    SELECT t.target, t."year", a.reading, a.unit, COUNT(a.amount) AS years, SUM(a.amount) AS amount
    FROM targets.amounts AS a
    JOIN staging.target_years AS t
        ON t.target = a.target AND a."year" > t.baseline_year AND a."year" <= t."year"
    GROUP BY t.target, t."year", a.reading, a.unit
)
SELECT
    t.target,
    r.reading,
    r.rule,
    u.unit,
    u.kind,
    t.period,
    t."year",
    CAST(
        CASE
            WHEN r.rule IN ('level', 'count', 'part') THEN a.amount
            WHEN r.rule = 'change' THEN a.amount - b.amount
            WHEN r.rule = 'sum' AND s.years = t."year" - t.baseline_year THEN s.amount
            WHEN r.rule = 'share'
                THEN
                    CAST(
                        CAST(100 * a.amount AS DOUBLE) / CAST(NULLIF(a.whole, 0) AS DOUBLE) AS DECIMAL(38, 8)
                    )
        END
        AS DECIMAL(38, 8)
    ) AS figure,
    CAST(
        CASE
            WHEN r.rule IN ('level', 'part', 'change') THEN b.amount
            WHEN r.rule = 'share'
                THEN
                    CAST(
                        CAST(100 * b.amount AS DOUBLE) / CAST(NULLIF(b.whole, 0) AS DOUBLE) AS DECIMAL(38, 8)
                    )
        END
        AS DECIMAL(38, 8)
    ) AS baseline_figure,
    CAST(CASE WHEN r.rule = 'level' THEN b.amount ELSE 0 END AS DECIMAL(38, 8)) AS line_start,
    CASE WHEN r.rule IN ('share', 'part') THEN a.amount END AS numerator,
    CASE WHEN r.rule IN ('share', 'part') THEN a.whole END AS denominator
FROM staging.target_years AS t
JOIN reference.target_readings AS r ON r.target = t.target
CROSS JOIN units AS u
LEFT JOIN targets.amounts AS a
    ON a.target = t.target AND a.reading = r.reading AND a.unit = u.unit AND a."year" = t."year"
LEFT JOIN targets.amounts AS b
    ON b.target = t.target AND b.reading = r.reading AND b.unit = u.unit AND b."year" = t.baseline_year
LEFT JOIN added AS s
    ON s.target = t.target AND s.reading = r.reading AND s.unit = u.unit AND s."year" = t."year"
WHERE
    (u.kind = 'city' OR a.target IS NOT NULL)
    AND (t.days_done > 0 OR r.rule IN ('level', 'part', 'share'))
