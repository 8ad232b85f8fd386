-- Percent of the amounts owed that is disputed, by the year claims were taken up, where it is more than 30 (a
-- proposal).
-- grain: unit, period
WITH sums AS (
    SELECT
        s.scope AS unit,
        CAST(extract(YEAR FROM x.accepted_on) AS VARCHAR) AS period,
        SUM(x.owed) AS owed,
        COALESCE(SUM(x.owed) FILTER (WHERE x.disputed), 0) AS disputed
    FROM extracts.arrears AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE x._of_which IS NULL OR s.scope = x.unit
    GROUP BY s.scope, CAST(extract(YEAR FROM x.accepted_on) AS VARCHAR)
)
SELECT
    unit,
    period,
    'disputed' AS subject,
    CAST(CAST(100 * disputed AS DOUBLE) / CAST(NULLIF(owed, 0) AS DOUBLE) AS DECIMAL(38, 8)) AS found,
    CAST(30 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM sums
WHERE 100 * disputed > 30 * owed
