-- Business start-ups and requests by the year in which they were closed or due, counted anew for a county
-- with its zone. A moment at midnight is a day without clock time (ingest puts it there): it is never counted
-- in hours, and against a time limit it counts as its day; a limit without clock time lasts to the end of
-- that day. No moment of closing means not closed, unless something stands there that could not be read: then
-- the case is left out. A unit without cases has 0 where the year was delivered, and no figure where none of
-- its cases has the column filled.
-- grain: unit, year
WITH cases AS (
    SELECT
        s.scope AS unit,
        c.period,
        CAST(extract(YEAR FROM c.close_at) AS BIGINT) AS closed_in,
        CAST(extract(YEAR FROM c.due_at) AS BIGINT) AS due_in,
        c.case_type = 'open_business' AS is_opening,
        c.case_type IN ('request', 'complaint', 'report') AS is_request,
        c.due_at,
        CASE
            WHEN c.close_at = date_trunc('day', c.close_at) OR c.due_at = date_trunc('day', c.due_at)
                THEN CAST(c.close_at AS DATE) <= CAST(c.due_at AS DATE)
            ELSE c.close_at <= c.due_at
        END AS is_in_time,
        CASE
            WHEN c.close_at <> date_trunc('day', c.close_at) AND c.accept_at <> date_trunc('day', c.accept_at)
                THEN
                    CAST(extract(EPOCH FROM c.close_at) AS BIGINT)
                    - CAST(extract(EPOCH FROM c.accept_at) AS BIGINT)
        END AS seconds,
        c.satisfaction,
        c.satisfaction IN ('1', '2', '3', '4', '5') AND c.rating_default IS NOT TRUE AS is_vote
    FROM extracts.service_case AS c
    JOIN staging.scopes AS s ON s.partition = c.partition AND s.unit = c.unit
    WHERE
        (c._of_which IS NULL OR s.scope = c.unit)
        AND NOT EXISTS (
            SELECT 1
            FROM ingest.missing AS m
            WHERE m.origin = c._origin AND m.field = 'close_at' AND m.reason = 'unreadable'
        )
),
judged AS (
    SELECT
        a.unit,
        a."year",
        c.is_opening AND c.closed_in = a."year" AS opened,
        c.is_request AND c.due_in = a."year" AS fell_due,
        c.is_request AND c.closed_in = a."year" AND c.is_vote AS voted,
        c.is_request AND c.period = a.period AS was_told,
        c.due_at,
        c.is_in_time,
        c.seconds,
        c.satisfaction
    FROM cases AS c
    JOIN staging.assessed AS a ON a.unit = c.unit
    WHERE c.closed_in = a."year" OR c.due_in = a."year" OR c.period = a.period
),
counted AS (
    SELECT
        unit,
        "year",
        COUNT(*) FILTER (WHERE opened) AS openings,
        COUNT(seconds) FILTER (WHERE opened) AS timed_openings,
        median(CASE WHEN opened THEN CAST(seconds AS DOUBLE) END) AS opening_seconds,
        COUNT(*) FILTER (WHERE was_told) = 0
        OR COUNT(due_at) FILTER (WHERE was_told) > 0 AS has_limits,
        COUNT(*) FILTER (WHERE fell_due) AS due,
        COUNT(*) FILTER (WHERE fell_due AND is_in_time) AS in_time,
        COUNT(*) FILTER (WHERE was_told) = 0
        OR COUNT(satisfaction) FILTER (WHERE was_told) > 0 AS has_answers,
        COUNT(*) FILTER (WHERE voted) AS votes,
        COUNT(*) FILTER (WHERE voted AND satisfaction IN ('4', '5')) AS satisfied
    FROM judged
    GROUP BY unit, "year"
)
SELECT
    d.unit,
    d."year",
    COALESCE(c.openings, 0) AS openings,
    CASE
        WHEN c.unit IS NULL THEN 0
        WHEN c.openings = 0 OR c.timed_openings > 0 THEN c.timed_openings
    END AS timed_openings,
    c.opening_seconds,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_limits THEN c.due END AS due,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_limits THEN c.in_time END AS in_time,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_answers THEN c.votes END AS votes,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_answers THEN c.satisfied END AS satisfied
FROM staging.delivered_scopes AS d
LEFT JOIN counted AS c ON c.unit = d.unit AND c."year" = d."year"
WHERE d.contract = 'service_case'
