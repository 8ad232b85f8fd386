-- Small-enterprise parks marked as digital that are planned, being built or only completed.
-- grain: row
SELECT
    x.unit,
    x.period,
    x.state AS subject,
    CAST(NULL AS DECIMAL(38, 8)) AS found,
    CAST(NULL AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.park AS x
WHERE x.kind = 'micro_park' AND x.is_digital AND x.state <> 'operating'
