-- Completed or operating sites of a half-year that the list of the next one lacks. `found`: their floor area
-- in 平方米.
-- grain: unit, period, subject
WITH lists AS (
    SELECT DISTINCT period FROM extracts.park
),
following AS (
    SELECT e.period, MIN(l.period) AS next_period
    FROM lists AS e
    JOIN lists AS l ON l.period > e.period
    GROUP BY e.period
)
SELECT
    x.unit,
    f.next_period AS period,
    concat(x.park_id, ' ', x.name) AS subject,
    CAST(x.floor_area AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.park AS x
JOIN following AS f ON f.period = x.period
WHERE
    x.state IN ('completed', 'operating')
    AND NOT EXISTS (SELECT 1 FROM extracts.park AS n WHERE n.period = f.next_period AND n.park_id = x.park_id)
