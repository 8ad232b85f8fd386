-- What each county adds to the city's figure, where that adds up: information only, the targets are the
-- city's and no county is ranked by it. Of titles a holder listed by two counties is in both. `share` is the
-- part of the city's figure in percent, where the figure is a quantity.
-- grain: target, reading, unit, period
WITH added AS (
    SELECT
        t.target,
        p.reading,
        p.unit,
        t.period,
        t."year",
        CAST(
            CASE
                WHEN p.target IN ('t3.2', 't3.3') THEN f.amount
                WHEN (p.target = 't1.1' AND p.reading = 'net') OR p.target IN ('t4.1', 't4.2', 't4.3')
                    THEN p.amount - b.amount
                WHEN p.whole IS NULL THEN p.amount
            END
            AS DECIMAL(38, 8)
        ) AS figure,
        CASE WHEN p.whole IS NOT NULL THEN p.amount END AS numerator,
        p.whole AS denominator
    FROM targets.parts AS p
    JOIN staging.target_years AS t ON t.target = p.target AND t."year" = p."year"
    LEFT JOIN targets.parts AS b
        ON b.target = p.target AND b.reading = p.reading AND b.unit = p.unit AND b."year" = t.baseline_year
    LEFT JOIN (
        SELECT t.target, t."year", p.unit, SUM(p.amount) AS amount
        FROM targets.parts AS p
        JOIN staging.target_years AS t ON t.target = p.target
        WHERE p.target IN ('t3.2', 't3.3') AND p."year" > t.baseline_year AND p."year" <= t."year"
        GROUP BY t.target, t."year", p.unit
        HAVING COUNT(p.amount) = COUNT(*)
    ) AS f ON f.target = p.target AND f."year" = p."year" AND f.unit = p.unit
    WHERE p.target <> 't4.5'
    UNION ALL
    SELECT
        t.target,
        'one_year' AS reading,
        p.unit,
        t.period,
        t."year",
        p.amount AS figure,
        CAST(NULL AS DECIMAL(38, 8)) AS numerator,
        CAST(NULL AS DECIMAL(38, 8)) AS denominator
    FROM targets.parts AS p
    JOIN staging.target_years AS t ON t.target = p.target AND t."year" = p."year"
    WHERE p.target = 't4.5'
    UNION ALL
    SELECT
        t.target,
        'cumulated' AS reading,
        p.unit,
        t.period,
        t."year",
        CAST(
            CASE WHEN COUNT(p.amount) = t."year" - t.baseline_year THEN SUM(p.amount) END AS DECIMAL(38, 8)
        ) AS figure,
        CAST(NULL AS DECIMAL(38, 8)) AS numerator,
        CAST(NULL AS DECIMAL(38, 8)) AS denominator
    FROM targets.parts AS p
    JOIN staging.target_years AS t
        ON t.target = p.target AND p."year" > t.baseline_year AND p."year" <= t."year"
    WHERE p.target = 't4.5'
    GROUP BY t.target, p.unit, t.period, t."year", t.baseline_year
)
SELECT
    a.target,
    a.reading,
    a.unit,
    a.period,
    a.figure,
    a.numerator,
    a.denominator,
    CAST(100 * a.figure AS DOUBLE) / CAST(NULLIF(p.figure, 0) AS DOUBLE) AS share
FROM added AS a
JOIN targets.progress AS p ON p.target = a.target AND p.reading = a.reading AND p.period = a.period
