-- What each department reported for each month in which any department did: items by status, and items it had reported
-- before and now left out.
-- grain: department, month
WITH items AS (
    SELECT department, item, MIN(month) AS first_month FROM extracts.task_report GROUP BY department, item
),
months AS (
    SELECT DISTINCT month FROM extracts.task_report
),
due AS (
    SELECT i.department, m.month, i.item FROM items AS i JOIN months AS m ON m.month >= i.first_month
)
SELECT
    d.department,
    d.month,
    COUNT(*) AS items,
    SUM(CASE WHEN t.item IS NULL THEN 1 ELSE 0 END) AS left_out,
    SUM(CASE WHEN t.status = 'not_started' THEN 1 ELSE 0 END) AS not_started,
    SUM(CASE WHEN t.status = 'in_progress' THEN 1 ELSE 0 END) AS in_progress,
    SUM(CASE WHEN t.status = 'delayed' THEN 1 ELSE 0 END) AS delayed,
    SUM(CASE WHEN t.status = 'done' THEN 1 ELSE 0 END) AS done
FROM due AS d
LEFT JOIN extracts.task_report AS t ON t.department = d.department AND t.month = d.month AND t.item = d.item
GROUP BY d.department, d.month
