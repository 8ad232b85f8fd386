-- The last word of each year on the targets that only the monthly reports speak of, and who said it. They are
-- the city's: its unit has the row.
-- grain: target, year
WITH numbered AS (
    SELECT
        x.item AS target,
        CAST(substr(x.month, 1, 4) AS BIGINT) AS "year",
        x.month,
        x.department,
        x.status,
        x.value,
        x.base,
        row_number() OVER (
            PARTITION BY x.item, substr(x.month, 1, 4) ORDER BY x.month DESC NULLS LAST, x._origin
        ) AS recent
    FROM extracts.task_report AS x
    WHERE x.item IN (SELECT target FROM reference.target_readings WHERE reported = 'yes')
)
SELECT n.target, c.id AS unit, n."year", n.month, n.department, n.status, n.value, n.base
FROM numbered AS n
JOIN reference.units AS c ON c.kind = 'city'
WHERE n.recent = 1
