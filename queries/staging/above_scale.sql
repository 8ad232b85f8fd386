-- Industrial enterprises above the statistical size by unit and year. The county is the row's; the zone is
-- the register's, so zones have figures only where a copy of the register serves the year. Upgrading is
-- unknown where no row of a unit says yes or no, clusters where no row of the whole list names one: a column
-- that was not filled in is no zero.
-- grain: unit, year
WITH listed AS (
    SELECT
        CASE WHEN u.kind IN ('zone', 'remainder') THEN u.parent ELSE u.id END AS county,
        e.zone,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        x.is_new,
        x.digital_done,
        x.cluster AS cluster_name
    FROM extracts.above_scale AS x
    JOIN reference.units AS u ON u.id = x.unit
    LEFT JOIN staging.register_days AS d ON d."year" = CAST(substr(x.period, 1, 4) AS BIGINT)
    LEFT JOIN staging.named_enterprises AS e ON e.uscc = x.uscc AND e.snapshot = d.snapshot
    WHERE x.list_kind = 'industry' AND x._of_which IS NULL
),
placed AS (
    SELECT county AS unit, "year", is_new, digital_done, cluster_name
    FROM listed
    UNION ALL
    SELECT zone AS unit, "year", is_new, digital_done, cluster_name
    FROM listed
    WHERE zone IS NOT NULL
),
counted AS (
    SELECT
        unit,
        "year",
        COUNT(*) AS industry,
        COUNT(*) FILTER (WHERE is_new) AS industry_new,
        COUNT(digital_done) AS industry_answered,
        COUNT(*) FILTER (WHERE digital_done) AS industry_upgraded,
        COUNT(cluster_name) AS industry_clustered
    FROM placed
    GROUP BY unit, "year"
),
named AS (
    SELECT "year", COUNT(cluster_name) AS clustered
    FROM listed
    GROUP BY "year"
),
units AS (
    SELECT DISTINCT unit, kind
    FROM staging.assessed
),
years AS (
    SELECT DISTINCT "year"
    FROM staging.delivered
    WHERE contract = 'above_scale'
)
SELECT
    a.unit,
    d."year",
    COALESCE(c.industry, 0) AS industry,
    COALESCE(c.industry_new, 0) AS industry_new,
    CASE
        WHEN c.industry > 0 AND c.industry_answered = 0 THEN NULL
        ELSE COALESCE(c.industry_upgraded, 0)
    END AS industry_upgraded,
    CASE WHEN n.clustered > 0 THEN COALESCE(c.industry_clustered, 0) END AS industry_clustered
FROM units AS a
CROSS JOIN years AS d
LEFT JOIN staging.register_days AS r ON r."year" = d."year"
LEFT JOIN counted AS c ON c.unit = a.unit AND c."year" = d."year"
LEFT JOIN named AS n ON n."year" = d."year"
WHERE a.kind <> 'zone' OR r.snapshot IS NOT NULL
