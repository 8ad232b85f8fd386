-- t4.1 新增小微企业园 (New small-enterprise parks)
-- small-enterprise parks completed or in operation at the year's end
-- grain: reading, unit, year
WITH sites AS (
    SELECT m.counts_as AS unit, CAST(substr(x.period, 1, 4) AS BIGINT) AS "year", COUNT(*) AS micro_parks
    FROM extracts.park AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    WHERE
        substr(x.period, 6) = 'H2'
        AND x.kind = 'micro_park' AND x.state IN ('completed', 'operating')
    GROUP BY m.counts_as, CAST(substr(x.period, 1, 4) AS BIGINT)
)
SELECT
    't4.1' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(COALESCE(s.micro_parks, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN staging.assessed AS a ON a.unit = p.unit AND a."year" = p."year" AND a.kind = 'county'
LEFT JOIN sites AS s ON s.unit = p.unit AND s."year" = p."year"
