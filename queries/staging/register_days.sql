-- For every year end that figures ask about, the copy of the register that serves: the nearest one if it lies within 45
-- days, else the nearest later one, from whose dates the past is put together again (`reconstructed`).
-- grain: year
WITH years AS (
    SELECT "year" FROM staging.assessed
    UNION
    SELECT "year" - 1 AS "year" FROM staging.assessed
),
days AS (
    SELECT "year", CAST(CAST("year" AS VARCHAR) || '-12-31' AS DATE) AS day
    FROM years
),
snapshots AS (
    SELECT DISTINCT snapshot FROM staging.registered
),
near AS (
    SELECT
        d."year",
        s.snapshot,
        row_number() OVER (PARTITION BY d."year" ORDER BY abs(s.snapshot - d.day), s.snapshot) AS position
    FROM days AS d
    JOIN snapshots AS s ON abs(s.snapshot - d.day) <= 45
),
later AS (
    SELECT d."year", MIN(s.snapshot) AS snapshot
    FROM days AS d
    JOIN snapshots AS s ON s.snapshot > d.day
    GROUP BY d."year"
)
SELECT
    d."year",
    COALESCE(n.snapshot, l.snapshot) AS snapshot,
    n.snapshot IS NULL AS reconstructed
FROM days AS d
LEFT JOIN near AS n ON n."year" = d."year" AND n.position = 1
LEFT JOIN later AS l ON l."year" = d."year"
WHERE n.snapshot IS NOT NULL OR l.snapshot IS NOT NULL
