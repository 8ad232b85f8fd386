-- Enterprises above the statistical size in each county at the year's end, the lists of its zones and
-- remainder in it: industry, and trade (wholesale, retail, lodging, catering). None where the list came
-- without any.
-- grain: unit, year
WITH listed AS (
    SELECT
        m.counts_as AS unit,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        COUNT(*) FILTER (WHERE x.list_kind = 'industry') AS industry,
        COUNT(*) FILTER (WHERE x.list_kind IN ('wholesale', 'retail', 'lodging', 'catering')) AS trade
    FROM extracts.above_scale AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    GROUP BY m.counts_as, CAST(substr(x.period, 1, 4) AS BIGINT)
)
SELECT a.unit, a."year", COALESCE(l.industry, 0) AS industry, COALESCE(l.trade, 0) AS trade
FROM staging.assessed AS a
JOIN staging.delivered AS d ON d.contract = 'above_scale' AND d."year" = a."year"
LEFT JOIN listed AS l ON l.unit = a.unit AND l."year" = a."year"
WHERE a.kind = 'county'
