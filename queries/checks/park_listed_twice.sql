-- Sites of one name and unit that the list has under more than one number or kind in one period. `found`:
-- rows.
-- grain: unit, period, subject
SELECT
    x.unit,
    x.period,
    x.name AS subject,
    CAST(COUNT(*) AS DECIMAL(38, 8)) AS found,
    CAST(1 AS DECIMAL(38, 8)) AS expected,
    MIN(x._origin) AS origin
FROM extracts.park AS x
WHERE x.name IS NOT NULL
GROUP BY x.unit, x.period, x.name
HAVING COUNT(DISTINCT x.park_id) > 1 OR COUNT(DISTINCT x.kind) > 1
