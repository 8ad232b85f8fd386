-- Items a department reported as done and, in a later month, as something else. `found`: such later months.
-- grain: subject
WITH done AS (
    SELECT department, item, MIN(month) AS month
    FROM extracts.task_report
    WHERE status = 'done'
    GROUP BY department, item
)
SELECT
    u.id AS unit,
    MAX(x.month) AS period,
    concat(x.item, ' ', x.department) AS subject,
    CAST(COUNT(*) AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM extracts.task_report AS x
JOIN done AS d ON d.department = x.department AND d.item = x.item AND x.month > d.month
JOIN reference.units AS u ON u.kind = 'city'
WHERE x.status <> 'done'
GROUP BY u.id, x.item, x.department
