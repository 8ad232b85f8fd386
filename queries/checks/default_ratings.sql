-- Percent of the year's ratings that the system filled in, where it is more than half (a proposal).
-- grain: unit, period
WITH counted AS (
    SELECT
        s.scope AS unit,
        substr(x.period, 1, 4) AS period,
        COUNT(*) AS ratings,
        COUNT(*) FILTER (WHERE x.rating_default) AS defaults
    FROM extracts.service_case AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE x.satisfaction IN ('1', '2', '3', '4', '5') AND (x._of_which IS NULL OR s.scope = x.unit)
    GROUP BY s.scope, substr(x.period, 1, 4)
)
SELECT
    unit,
    period,
    'rating_default' AS subject,
    CAST(CAST(100 * defaults AS DOUBLE) / CAST(NULLIF(ratings, 0) AS DOUBLE) AS DECIMAL(38, 8)) AS found,
    CAST(50 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM counted
WHERE 2 * defaults > ratings
