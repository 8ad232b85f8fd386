-- How the 30 tasks stand by what their departments last reported in each year. A task is done when all
-- responsible departments say so, delayed when one is; not started when none of those that reported has
-- begun. Months reported are counted by department: `months_reported` of `months_due` over all of them.
-- status: done, in_progress, delayed, not_started, not_reported
-- grain: task, period
WITH counted AS (
    SELECT
        task,
        period,
        COUNT(*) AS departments,
        COUNT(*) FILTER (WHERE status <> 'not_reported') AS departments_reported,
        COUNT(*) FILTER (WHERE status = 'done') AS done,
        COUNT(*) FILTER (WHERE status = 'delayed') AS delayed,
        COUNT(*) FILTER (WHERE status = 'not_started') AS not_started,
        MAX(last_month) AS last_month,
        SUM(months_reported) AS months_reported,
        SUM(months_delayed) AS months_delayed,
        SUM(months_due) AS months_due
    FROM tasks.departments
    GROUP BY task, period
)
SELECT
    t.task,
    c.period,
    t.pillar,
    p.name_zh AS pillar_zh,
    t.title_zh,
    t.responsible_zh,
    CASE
        WHEN c.departments_reported = 0 THEN 'not_reported'
        WHEN c.done = c.departments THEN 'done'
        WHEN c.delayed > 0 THEN 'delayed'
        WHEN c.not_started = c.departments_reported THEN 'not_started'
        ELSE 'in_progress'
    END AS status,
    c.last_month,
    c.departments,
    c.departments_reported,
    c.months_reported,
    c.months_delayed,
    c.months_due
FROM reference.tasks AS t
JOIN reference.pillars AS p ON p.id = t.pillar
JOIN counted AS c ON c.task = t.task
