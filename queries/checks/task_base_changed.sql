-- Targets whose base is not that of the month before, and t5.1 with another base than five industries.
-- grain: row
WITH lagged AS (
    SELECT
        x.item,
        x.department,
        x.month,
        x.base,
        x._origin,
        lag(x.base) OVER (PARTITION BY x.item, x.department ORDER BY x.month, x._origin) AS before
    FROM extracts.task_report AS x
    WHERE x.base IS NOT NULL
)
SELECT
    u.id AS unit,
    l.month AS period,
    concat(l.item, ' ', l.department) AS subject,
    CAST(l.base AS DECIMAL(38, 8)) AS found,
    CAST(CASE WHEN l.item = 't5.1' THEN 5 ELSE l.before END AS DECIMAL(38, 8)) AS expected,
    l._origin AS origin
FROM lagged AS l
JOIN reference.units AS u ON u.kind = 'city'
WHERE l.base <> l.before OR (l.item = 't5.1' AND l.base <> 5)
