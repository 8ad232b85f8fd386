-- What each county has of the targets of services and rights, by year: parks and their floor area at the
-- year's end (t4.1 to t4.3, e4), towns with a centre (t4.4), service grids with an adviser (t5.2), undisputed
-- claims repaid (t5.4).
-- grain: target, reading, unit, year
WITH sites AS (
    SELECT m.counts_as AS unit, CAST(substr(x.period, 1, 4) AS BIGINT) AS "year", COUNT(*) AS micro_parks
    FROM extracts.park AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    WHERE
        substr(x.period, 6) = 'H2'
        AND x.kind = 'micro_park' AND x.state IN ('completed', 'operating')
    GROUP BY m.counts_as, CAST(substr(x.period, 1, 4) AS BIGINT)
),
counties AS (
    SELECT unit, "year" FROM staging.assessed WHERE kind = 'county'
)
SELECT
    't4.1' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(s.micro_parks, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
JOIN staging.parks AS p ON p.unit = c.unit AND p."year" = c."year"
LEFT JOIN sites AS s ON s.unit = c.unit AND s."year" = c."year"
UNION ALL
SELECT
    't4.2' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(p.micro_park_area AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN counties AS c ON c.unit = p.unit AND c."year" = p."year"
UNION ALL
SELECT
    't4.3' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(p.incubation_area AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN counties AS c ON c.unit = p.unit AND c."year" = p."year"
UNION ALL
SELECT
    'e4' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(p.digital_micro_parks AS DECIMAL(38, 8)) AS amount,
    CAST(p.micro_parks AS DECIMAL(38, 8)) AS whole
FROM staging.parks AS p
JOIN counties AS c ON c.unit = p.unit AND c."year" = p."year"
UNION ALL
SELECT
    't4.4' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(j.towns_with_centre AS DECIMAL(38, 8)) AS amount,
    CAST(j.key_towns AS DECIMAL(38, 8)) AS whole
FROM staging.joint_sheets AS j
JOIN counties AS c ON c.unit = j.unit AND c."year" = j."year"
UNION ALL
SELECT
    't5.2' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(j.grids_with_adviser AS DECIMAL(38, 8)) AS amount,
    CAST(j.grids AS DECIMAL(38, 8)) AS whole
FROM staging.joint_sheets AS j
JOIN counties AS c ON c.unit = j.unit AND c."year" = j."year"
UNION ALL
SELECT
    't5.4' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(r.repaid AS DECIMAL(38, 8)) AS amount,
    CAST(r.owed AS DECIMAL(38, 8)) AS whole
FROM staging.arrears AS r
JOIN counties AS c ON c.unit = r.unit AND c."year" = r."year"
