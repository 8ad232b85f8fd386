-- Who delivered what, when and how late; what became of the rows, and what was found. Findings about a file as a whole
-- count for each of its contracts.
-- grain: delivery, contract
WITH read AS (
    SELECT
        file,
        contract,
        SUM(CASE WHEN kind = 'kept' THEN "rows" ELSE 0 END) AS kept,
        SUM(CASE WHEN kind = 'rejected' THEN "rows" ELSE 0 END) AS rejected,
        SUM(CASE WHEN kind = 'superseded' THEN "rows" ELSE 0 END) AS superseded,
        SUM(CASE WHEN kind = 'duplicate' THEN "rows" ELSE 0 END) AS duplicate,
        SUM(CASE WHEN kind = 'late' THEN "rows" ELSE 0 END) AS late
    FROM ingest.accounting
    WHERE counted = 'rows' AND source IS NOT NULL
    GROUP BY file, contract
),
found AS (
    SELECT
        d.number,
        p.contract,
        SUM(CASE WHEN f.severity = 'error' THEN 1 ELSE 0 END) AS errors,
        SUM(CASE WHEN f.severity = 'warning' THEN 1 ELSE 0 END) AS warnings,
        SUM(CASE WHEN f.severity = 'info' THEN 1 ELSE 0 END) AS infos
    FROM reference.deliveries AS d
    JOIN reference.delivered AS p ON p.number = d.number
    JOIN ingest.findings AS f ON f.file = d.file AND (f.contract = p.contract OR f.contract = '')
    GROUP BY d.number, p.contract
)
SELECT
    d.number,
    d.file,
    p.contract,
    d.department,
    n.name_zh AS department_zh,
    d.period,
    p.serves,
    d.received_on,
    p.due_on,
    p.days_late,
    p.in_edition,
    r.file IS NOT NULL AS is_read,
    COALESCE(r.kept, 0) AS kept,
    COALESCE(r.rejected, 0) AS rejected,
    COALESCE(r.superseded, 0) AS superseded,
    COALESCE(r.duplicate, 0) AS duplicate,
    COALESCE(r.late, 0) AS late,
    COALESCE(f.errors, 0) AS errors,
    COALESCE(f.warnings, 0) AS warnings,
    COALESCE(f.infos, 0) AS infos
FROM reference.deliveries AS d
JOIN reference.delivered AS p ON p.number = d.number
LEFT JOIN reference.departments AS n ON n.id = d.department
LEFT JOIN read AS r ON r.file = d.file AND r.contract = p.contract
LEFT JOIN found AS f ON f.number = d.number AND f.contract = p.contract
