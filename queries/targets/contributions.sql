-- What each county adds to the city's figure, where that adds up: information only, the targets are the
-- city's and no county is ranked by it. Of titles a holder listed by two counties is in both. Of shares the
-- parts stand, no figure. `share` is the part of the city's figure in percent, where the figure is a
-- quantity.
-- grain: target, reading, unit, period
WITH added AS (
    SELECT
        target,
        reading,
        unit,
        period,
        CASE WHEN rule <> 'share' THEN figure END AS figure,
        numerator,
        denominator
    FROM targets.figures
    WHERE kind = 'county'
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
