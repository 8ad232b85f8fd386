-- Tasks that a responsible department reported in some month of a year in which it left out others. `found`:
-- months reported, `expected`: months due.
-- grain: period, subject
SELECT
    u.id AS unit,
    d.period,
    concat(CAST(d.task AS VARCHAR), ' ', d.department_zh) AS subject,
    CAST(d.months_reported AS DECIMAL(38, 8)) AS found,
    CAST(d.months_due AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM tasks.departments AS d
JOIN reference.units AS u ON u.kind = 'city'
WHERE d.months_reported > 0 AND d.months_reported < d.months_due
