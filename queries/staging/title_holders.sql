-- Who held which title at the end of each year, and who had ever been granted it by then. The lists name
-- events, year by year; of a year the lists up to it tell. A row that only a later list has (a list replaces
-- the rows it repeats, or the year's own list never came) is put back by its dates, and `reconstructed`; a
-- withdrawal it tells of counts from the start. A holder is a code; where the code is missing, the code that
-- other rows have under the same name, else the name.
-- grain: unit, year, title, holder
WITH events AS (
    SELECT
        s.scope AS unit,
        x.uscc,
        replace(replace(x.name, '（', '('), '）', ')') AS name,
        x.title,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS listed,
        x.granted_on,
        x.valid_until,
        COALESCE(x.state, 'valid') AS state
    FROM extracts.gradient AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE x._of_which IS NULL OR s.scope = x.unit
),
codes AS (
    SELECT name, MIN(uscc) AS uscc
    FROM events
    WHERE uscc IS NOT NULL
    GROUP BY name
    HAVING COUNT(DISTINCT uscc) = 1
),
served AS (
    SELECT a."year", MAX(a.last_day) AS day
    FROM staging.assessed AS a
    JOIN staging.delivered AS d ON d.contract = 'gradient' AND d."year" >= a."year"
    GROUP BY a."year"
),
states AS (
    SELECT
        e.unit,
        t."year",
        e.title,
        COALESCE(e.uscc, c.uscc, e.name) AS holder,
        e.listed > t."year" AS reconstructed,
        (e.valid_until IS NULL OR e.valid_until >= t.day)
        AND (e.state = 'valid' OR (e.state = 'expired' AND e.listed > t."year")) AS is_valid
    FROM events AS e
    LEFT JOIN codes AS c ON c.name = e.name
    JOIN served AS t ON e.granted_on <= t.day
)
SELECT
    unit,
    "year",
    title,
    holder,
    bool_or(is_valid) AS is_valid,
    CASE
        WHEN bool_or(is_valid) THEN NOT bool_or(is_valid AND NOT reconstructed)
        ELSE bool_and(reconstructed)
    END AS reconstructed
FROM states
GROUP BY unit, "year", title, holder
