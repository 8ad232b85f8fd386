-- Units of which rows of a delivery were refused, or contradict each other so that none of them stands, and no
-- correction was named since: the figures lack these rows. Told where they are one in twenty or more. Found are
-- the unit's rows that stand, expected those and the ones left out; a zone's count for its county.
-- grain: unit, period, subject
WITH counties AS (
    SELECT id, CASE WHEN kind IN ('zone', 'remainder') THEN parent ELSE id END AS county
    FROM reference.units
),
corrected AS (
    SELECT DISTINCT e.file
    FROM reference.supersedes AS s
    JOIN reference.deliveries AS e ON e.number = s.earlier
    JOIN reference.deliveries AS l ON l.number = s.later
    WHERE l.in_edition
),
lost AS (
    SELECT l.contract, l.period, c.county, COUNT(*) AS left_out, MIN(l._origin) AS origin
    FROM ingest.left_out AS l
    JOIN ingest.sources AS s ON s.source = l.source
    JOIN counties AS c ON c.id = l.unit
    WHERE NOT EXISTS (SELECT 1 FROM corrected AS k WHERE k.file = s.file)
    GROUP BY l.contract, l.period, c.county
),
standing AS (
    SELECT u.contract, u.period, c.county, SUM(u."rows") AS kept
    FROM monitoring.units AS u
    JOIN counties AS c ON c.id = u.unit
    GROUP BY u.contract, u.period, c.county
)
SELECT
    l.county AS unit,
    l.period,
    l.contract AS subject,
    CAST(COALESCE(s.kept, 0) AS DECIMAL(38, 8)) AS found,
    CAST(COALESCE(s.kept, 0) + l.left_out AS DECIMAL(38, 8)) AS expected,
    l.origin
FROM lost AS l
LEFT JOIN standing AS s ON s.contract = l.contract AND s.period = l.period AND s.county = l.county
WHERE 20 * l.left_out >= COALESCE(s.kept, 0) + l.left_out
