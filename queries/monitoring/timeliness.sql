-- What is to be delivered, and whether it came. A delivery serves the expected period its own lies in; what came in
-- parts is as late as its first part; what was refused or could not be read did not come. Days are those of the calendar, holidays and weekends too.
-- status: in_time, late, after_cut_off (nothing came before the edition closed), missing, not_due (nothing yet, and not due)
-- grain: contract, period
WITH came AS (
    SELECT p.contract, p.serves, p.number, p.days_late, p.in_edition, d.received_on
    FROM reference.delivered AS p
    JOIN reference.deliveries AS d ON d.number = p.number
    JOIN (SELECT DISTINCT file, contract FROM ingest.sources) AS r ON r.file = d.file AND r.contract = p.contract
)
SELECT
    e.contract,
    c.title_zh,
    e.department,
    n.name_zh AS department_zh,
    e.frequency,
    e.period,
    e.due_on,
    e.is_due,
    COUNT(p.number) AS deliveries,
    MIN(p.received_on) AS first_received_on,
    MAX(p.received_on) AS last_received_on,
    MIN(p.days_late) AS days_late,
    CASE
        WHEN COUNT(p.number) = 0 AND e.is_due THEN 'missing'
        WHEN COUNT(p.number) = 0 THEN 'not_due'
        WHEN SUM(CASE WHEN p.in_edition THEN 1 ELSE 0 END) = 0 THEN 'after_cut_off'
        WHEN MIN(p.days_late) > 0 THEN 'late'
        ELSE 'in_time'
    END AS status
FROM reference.expected AS e
JOIN reference.contracts AS c ON c.id = e.contract
LEFT JOIN reference.departments AS n ON n.id = e.department
LEFT JOIN came AS p ON p.contract = e.contract AND p.serves = e.period
GROUP BY e.contract, c.title_zh, e.department, n.name_zh, e.frequency, e.period, e.due_on, e.is_due
