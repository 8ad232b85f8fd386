-- Every unit that gets values (counties of the ranked partition, functional zones) in every year of the assessment.
-- grain: unit, period
WITH units AS (
    SELECT m.unit, u.kind
    FROM reference.memberships AS m
    JOIN reference.units AS u ON u.id = m.unit
    WHERE m.partition = 'p12'
    UNION ALL
    SELECT id AS unit, kind
    FROM reference.units
    WHERE kind = 'zone'
)
SELECT
    u.unit,
    u.kind,
    p.period,
    CAST(p.period AS BIGINT) AS "year",
    CAST(p.first_day AS DATE) AS first_day,
    CAST(p.last_day AS DATE) AS last_day
FROM units AS u
CROSS JOIN reference.periods AS p
WHERE p.grain = 'year'
