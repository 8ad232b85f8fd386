-- What each responsible department last reported of each task within each year: when, how it stands, and in
-- how many of the months due; what it wrote as evidence stays where it is. A department is known by any of
-- its names.
-- status: done, in_progress, delayed, not_started, not_reported
-- grain: task, department, period
WITH months AS (
    SELECT substr(period, 1, 4) AS period, COUNT(*) AS months_due
    FROM monitoring.timeliness
    WHERE contract = 'task_report' AND is_due
    GROUP BY substr(period, 1, 4)
),
reports AS (
    SELECT
        x.item,
        n.department,
        substr(x.month, 1, 4) AS period,
        x.month,
        x.status,
        row_number() OVER (
            PARTITION BY x.item, n.department, substr(x.month, 1, 4)
            ORDER BY x.month DESC NULLS LAST, x._origin
        ) AS recent
    FROM extracts.task_report AS x
    JOIN reference.department_names AS n ON n.name_zh = x.department
),
counts AS (
    SELECT
        item,
        department,
        period,
        COUNT(DISTINCT month) AS months_reported,
        COUNT(DISTINCT CASE WHEN status = 'delayed' THEN month END) AS months_delayed
    FROM reports
    GROUP BY item, department, period
)
SELECT
    t.task,
    t.department,
    t.position,
    d.name_zh AS department_zh,
    p.period,
    r.month AS last_month,
    COALESCE(r.status, 'not_reported') AS status,
    COALESCE(c.months_reported, 0) AS months_reported,
    COALESCE(c.months_delayed, 0) AS months_delayed,
    COALESCE(m.months_due, 0) AS months_due
FROM reference.task_departments AS t
JOIN reference.departments AS d ON d.id = t.department
CROSS JOIN reference.periods AS p
LEFT JOIN months AS m ON m.period = p.period
LEFT JOIN reports AS r
    ON r.item = CAST(t.task AS VARCHAR) AND r.department = t.department
    AND r.period = p.period AND r.recent = 1
LEFT JOIN counts AS c
    ON c.item = CAST(t.task AS VARCHAR) AND c.department = t.department AND c.period = p.period
WHERE p.grain = 'year'
