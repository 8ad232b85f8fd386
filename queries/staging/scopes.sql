-- The assessed units a row of a delivery counts to. A zone's row counts to the zone and to its county, a remainder's to
-- its county; in the ranked partition a zone stands as a part of its county (其中), so its row counts to the zone alone.
-- `parts`: how many units of the partition make up the scope; with one of them missing the scope has no sum.
-- grain: partition, unit, scope
WITH parts AS (
    SELECT partition, counts_as, COUNT(*) AS parts
    FROM reference.memberships
    GROUP BY partition, counts_as
)
SELECT m.partition, m.unit, m.counts_as AS scope, p.parts
FROM reference.memberships AS m
JOIN parts AS p ON p.partition = m.partition AND p.counts_as = m.counts_as
UNION ALL
SELECT t.id AS partition, u.id AS unit, u.id AS scope, 1 AS parts
FROM reference.units AS u
CROSS JOIN reference.partitions AS t
WHERE u.kind = 'zone'
