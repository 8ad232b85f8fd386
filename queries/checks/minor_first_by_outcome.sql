-- Units and years with ten or more minor first offences, all of them exempt. `found`: marked cases,
-- `expected`: those exempt.
-- grain: unit, period
SELECT
    s.scope AS unit,
    substr(x.period, 1, 4) AS period,
    'minor_first' AS subject,
    CAST(COUNT(*) AS DECIMAL(38, 8)) AS found,
    CAST(COUNT(*) FILTER (WHERE x.outcome = 'none') AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM extracts.enforcement AS x
JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
WHERE x.kind = 'penalty' AND x.minor_first AND (x._of_which IS NULL OR s.scope = x.unit)
GROUP BY s.scope, substr(x.period, 1, 4)
HAVING COUNT(*) >= 10 AND COUNT(*) = COUNT(*) FILTER (WHERE x.outcome = 'none')
