-- Findings of each delivery by severity and code, with how many rows of it they speak of.
-- grain: delivery, contract, severity, code
SELECT
    d.number,
    f.file,
    f.contract,
    d.department,
    d.received_on,
    f.severity,
    f.code,
    COUNT(*) AS findings,
    COUNT(DISTINCT f.origin) AS "rows"
FROM ingest.findings AS f
LEFT JOIN reference.deliveries AS d ON d.file = f.file
GROUP BY d.number, f.file, f.contract, d.department, d.received_on, f.severity, f.code
