-- Units whose figures of a contract and year are joint ones (a county and a zone given as one number): the value stands
-- under the county and carries the flag to the last page; growth between a flagged and another year is not computed.
-- grain: contract, unit, period
WITH joint AS (
    SELECT DISTINCT flag, unit
    FROM reference.unit_aliases
    WHERE kind = 'joint'
)
SELECT s.contract, j.unit, substr(s.period, 1, 4) AS period, MIN(j.flag) AS flag
FROM ingest.sources AS s
JOIN joint AS j ON strpos(concat(',', s.flags, ','), concat(',', j.flag, ',')) > 0
GROUP BY s.contract, j.unit, substr(s.period, 1, 4)
