-- Enterprises in business at the earlier copy's day as the later copy has them, against the earlier copy.
-- Those revoked since may or may not have been in business on that day, so the earlier figure must lie
-- between the two counts. `expected` is the nearer end of them.
-- grain: unit, period
WITH snapshots AS (
    SELECT DISTINCT snapshot FROM staging.registered
),
pairs AS (
    SELECT e.snapshot AS earlier, MIN(l.snapshot) AS later
    FROM snapshots AS e
    JOIN snapshots AS l ON l.snapshot > e.snapshot
    GROUP BY e.snapshot
),
closing AS (
    SELECT unit, snapshot, SUM(enterprises) FILTER (WHERE status = 'active') AS enterprises
    FROM staging.enterprise_scopes
    GROUP BY unit, snapshot
),
opening AS (
    SELECT
        s.unit,
        p.earlier,
        SUM(s.enterprises) FILTER (
            WHERE s.status = 'active'
            OR (s.status = 'cancelled' AND s.ended > CAST(extract(YEAR FROM p.earlier) AS BIGINT))
        ) AS lowest,
        SUM(s.enterprises) FILTER (
            WHERE s.status <> 'cancelled'
            OR s.ended > CAST(extract(YEAR FROM p.earlier) AS BIGINT)
        ) AS highest
    FROM pairs AS p
    JOIN staging.enterprise_scopes AS s ON s.snapshot = p.later
    WHERE s.established <= CAST(extract(YEAR FROM p.earlier) AS BIGINT)
    GROUP BY s.unit, p.earlier
)
SELECT
    c.unit,
    CAST(extract(YEAR FROM c.snapshot) AS VARCHAR) AS period,
    'enterprises' AS subject,
    CAST(c.enterprises AS DECIMAL(38, 8)) AS found,
    CAST(CASE WHEN c.enterprises < o.lowest THEN o.lowest ELSE o.highest END AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM closing AS c
JOIN opening AS o ON o.unit = c.unit AND o.earlier = c.snapshot
WHERE c.enterprises < o.lowest OR c.enterprises > o.highest
