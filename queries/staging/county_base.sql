-- Residents at the end of each year. The bulletin has counties only; where it came by parts, a county needs
-- all of them.
-- grain: unit, year
WITH sums AS (
    SELECT
        s.scope AS unit,
        x.partition,
        x.period,
        CASE WHEN COUNT(x.population) = MAX(s.parts) THEN SUM(x.population) END AS population
    FROM extracts.county_base AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE x._of_which IS NULL OR s.scope = x.unit
    GROUP BY s.scope, x.partition, x.period
)
SELECT
    unit,
    CAST(substr(period, 1, 4) AS BIGINT) AS "year",
    COALESCE(MAX(population) FILTER (WHERE partition = 'p12'), MAX(population)) AS population
FROM sums
GROUP BY unit, period
