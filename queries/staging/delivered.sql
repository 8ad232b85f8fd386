-- What came, by the period it serves (its own where none was expected, as of the year before the assessment):
-- contracts whose rows can be counted for it, also where a unit has none. A file that was refused or could
-- not be read did not come: it has an error and no source.
-- grain: contract, period
WITH unread AS (
    SELECT DISTINCT f.file
    FROM ingest.findings AS f
    WHERE f.severity = 'error' AND NOT EXISTS (SELECT 1 FROM ingest.sources AS s WHERE s.file = f.file)
)
SELECT DISTINCT
    p.contract,
    COALESCE(p.serves, p.period) AS period,
    CAST(substr(COALESCE(p.serves, p.period), 1, 4) AS BIGINT) AS "year"
FROM reference.delivered AS p
JOIN reference.deliveries AS d ON d.number = p.number
WHERE p.in_edition AND NOT EXISTS (SELECT 1 FROM unread AS u WHERE u.file = d.file)
