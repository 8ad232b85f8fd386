-- What a correction mended: findings of a delivery, by contract, code and field, against those of the delivery that says it
-- supersedes it. Mended is what it has fewer of, since the day it came; findings it has more of are new.
-- What came after the cut-off mends nothing in this edition.
-- grain: correction, corrected, contract, code, field
WITH counted AS (
    SELECT d.number, f.contract, f.severity, f.code, f.field, COUNT(*) AS findings
    FROM ingest.findings AS f
    JOIN reference.deliveries AS d ON d.file = f.file
    -- That another delivery says otherwise is no fault of this one.
    WHERE f.severity <> 'info' AND f.code <> 'conflicting-delivery'
    GROUP BY d.number, f.contract, f.severity, f.code, f.field
),
pairs AS (
    SELECT s.later, s.earlier FROM reference.supersedes AS s
    JOIN reference.deliveries AS d ON d.number = s.later
    WHERE d.in_edition
),
both_sides AS (
    SELECT p.later, p.earlier, c.contract, c.severity, c.code, c.field, c.findings AS before, 0 AS after
    FROM pairs AS p
    JOIN counted AS c ON c.number = p.earlier
    UNION ALL
    SELECT p.later, p.earlier, c.contract, c.severity, c.code, c.field, 0 AS before, c.findings AS after
    FROM pairs AS p
    JOIN counted AS c ON c.number = p.later
),
compared AS (
    SELECT later, earlier, contract, severity, code, field, SUM(before) AS before, SUM(after) AS after
    FROM both_sides
    GROUP BY later, earlier, contract, severity, code, field
)
SELECT
    e.file AS corrected,
    l.file AS correction,
    l.department,
    c.contract,
    c.severity,
    c.code,
    c.field,
    c.before,
    c.after,
    CASE WHEN c.before > c.after THEN c.before - c.after ELSE 0 END AS mended,
    CASE WHEN c.after > c.before THEN c.after - c.before ELSE 0 END AS new,
    l.received_on AS since
FROM compared AS c
JOIN reference.deliveries AS e ON e.number = c.earlier
JOIN reference.deliveries AS l ON l.number = c.later
