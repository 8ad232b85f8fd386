-- Where each task and target stands: the last month reported, and how often it was reported as delayed.
-- grain: department, item
WITH numbered AS (
    SELECT
        department,
        item,
        month,
        status,
        value,
        base,
        row_number() OVER (PARTITION BY department, item ORDER BY month DESC NULLS LAST, _origin) AS recent
    FROM extracts.task_report
),
months AS (
    SELECT
        department,
        item,
        COUNT(*) AS months_reported,
        SUM(CASE WHEN status = 'delayed' THEN 1 ELSE 0 END) AS months_delayed,
        MIN(month) AS first_month
    FROM extracts.task_report
    GROUP BY department, item
)
SELECT
    n.department,
    n.item,
    n.month AS last_month,
    n.status,
    n.value,
    n.base,
    CASE WHEN n.base > 0 THEN CAST(n.value AS DOUBLE) / CAST(n.base AS DOUBLE) END AS done_share,
    m.first_month,
    m.months_reported,
    m.months_delayed
FROM numbered AS n
JOIN months AS m ON m.department = n.department AND m.item = n.item
WHERE n.recent = 1
