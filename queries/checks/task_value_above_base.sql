-- Monthly reports whose figure is above its base.
-- grain: row
SELECT
    u.id AS unit,
    x.month AS period,
    concat(x.item, ' ', x.department) AS subject,
    CAST(x.value AS DECIMAL(38, 8)) AS found,
    CAST(x.base AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.task_report AS x
JOIN reference.units AS u ON u.kind = 'city'
WHERE x.value > x.base
