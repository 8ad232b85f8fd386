-- What each county and the city have of each target by year. The city has the sum of its counties, missing
-- where one is, unless the target's query gives it a row of its own. The city level itself (市本级) sends rows
-- that belong to no county; they stand in no extract and so are not in it.
-- grain: target, reading, unit, year
WITH counties AS (
    SELECT COUNT(DISTINCT unit) AS counties FROM staging.assessed WHERE kind = 'county'
),
sums AS (
    SELECT
        p.target,
        p.reading,
        c.id AS unit,
        p."year",
        COUNT(p.amount) AS amounts,
        SUM(p.amount) AS amount,
        COUNT(p.whole) AS wholes,
        SUM(p.whole) AS whole
    FROM targets.parts AS p
    JOIN reference.units AS c ON c.kind = 'city'
    WHERE p.unit <> c.id
    GROUP BY p.target, p.reading, c.id, p."year"
)
SELECT target, reading, unit, "year", amount, whole
FROM targets.parts
UNION ALL
SELECT
    s.target,
    s.reading,
    s.unit,
    s."year",
    CAST(CASE WHEN s.amounts = c.counties THEN s.amount END AS DECIMAL(38, 8)) AS amount,
    CAST(CASE WHEN s.wholes = c.counties THEN s.whole END AS DECIMAL(38, 8)) AS whole
FROM sums AS s
CROSS JOIN counties AS c
WHERE NOT EXISTS (
    SELECT 1 FROM targets.parts AS p
    WHERE p.target = s.target AND p.reading = s.reading AND p.unit = s.unit AND p."year" = s."year"
)
