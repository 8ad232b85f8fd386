-- Parks and incubators as they stood at the end of each year, by the list of the second half-year.
-- Incubation: incubators, maker spaces, accelerators, start-up bases. A site without its area counts in no
-- area; occupancy asks for both areas. A unit without sites has none where a list that speaks of it came;
-- else it has no row.
-- grain: unit, year
WITH sites AS (
    SELECT
        s.scope AS unit,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        CASE WHEN x.kind = 'micro_park' THEN 'micro_park' ELSE 'incubation' END AS kind,
        x.state IN ('completed', 'operating') AS is_built,
        x.state = 'operating' AS is_operating,
        x.floor_area,
        CASE WHEN x.leased_area IS NOT NULL THEN x.rentable_area END AS rentable_area,
        CASE WHEN x.rentable_area IS NOT NULL THEN x.leased_area END AS leased_area,
        x.is_digital
    FROM extracts.park AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE substr(x.period, 6, 2) = 'H2' AND x.kind IS NOT NULL AND (x._of_which IS NULL OR s.scope = x.unit)
),
counted AS (
    SELECT
        unit,
        "year",
        SUM(floor_area) FILTER (WHERE kind = 'incubation' AND is_built) AS incubation_area,
        COUNT(leased_area) FILTER (WHERE kind = 'incubation' AND is_operating) AS incubation_sites,
        SUM(leased_area) FILTER (WHERE kind = 'incubation' AND is_operating) AS incubation_leased,
        SUM(rentable_area) FILTER (WHERE kind = 'incubation' AND is_operating) AS incubation_rentable,
        SUM(floor_area) FILTER (WHERE kind = 'micro_park' AND is_built) AS micro_park_area,
        COUNT(is_digital) FILTER (WHERE kind = 'micro_park' AND is_operating) AS micro_parks,
        COUNT(*) FILTER (WHERE kind = 'micro_park' AND is_operating AND is_digital) AS digital_micro_parks
    FROM sites
    GROUP BY unit, "year"
)
SELECT
    a.unit,
    a."year",
    COALESCE(c.incubation_area, 0) AS incubation_area,
    COALESCE(c.incubation_sites, 0) AS incubation_sites,
    COALESCE(c.incubation_leased, 0) AS incubation_leased,
    COALESCE(c.incubation_rentable, 0) AS incubation_rentable,
    COALESCE(c.micro_park_area, 0) AS micro_park_area,
    COALESCE(c.micro_parks, 0) AS micro_parks,
    COALESCE(c.digital_micro_parks, 0) AS digital_micro_parks
FROM staging.assessed AS a
LEFT JOIN staging.delivered_scopes AS d
    ON d.contract = 'park' AND d.period = concat(a.period, '-H2') AND d.unit = a.unit
LEFT JOIN counted AS c ON c.unit = a.unit AND c."year" = a."year"
WHERE d.unit IS NOT NULL OR c.unit IS NOT NULL
