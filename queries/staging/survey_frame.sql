-- Whom the survey speaks for (N_h): enterprises in business at the end of each year that are not large, by
-- industry group. Large ones are known from the figures that were sent, those of above_scale before those of
-- tech_enterprise; whoever sent none is in no such list and stays in. One that is large but out of business
-- is in neither count. Groups without an enterprise stand with 0, so that answers of a group the register
-- does not have are seen to have no weight.
-- grain: unit, year, industry
WITH living AS (
    SELECT
        e.unit,
        d."year",
        d.reconstructed,
        COALESCE(g.industry_group, 'service') AS industry,
        COALESCE(
            SUM(e.enterprises) FILTER (
                WHERE (NOT d.reconstructed AND e.status = 'active')
                OR (
                    d.reconstructed
                    AND e.established <= d."year"
                    AND (e.status = 'active' OR (e.status = 'cancelled' AND e.ended > d."year"))
                )
            ),
            0
        ) AS enterprises
    FROM staging.register_days AS d
    JOIN staging.enterprise_scopes AS e ON e.snapshot = d.snapshot
    LEFT JOIN reference.industry_groups AS g ON g.division = e.division
    GROUP BY e.unit, d."year", d.reconstructed, COALESCE(g.industry_group, 'service')
),
large AS (
    SELECT
        n.uscc,
        d."year",
        n.unit,
        n.zone,
        COALESCE(g.industry_group, 'service') AS industry
    FROM staging.size_classes AS c
    JOIN staging.register_days AS d ON d."year" = c."year"
    JOIN staging.named_enterprises AS n ON n.uscc = c.uscc AND n.snapshot = d.snapshot
    LEFT JOIN reference.industry_groups AS g ON g.division = substr(n.industry_code, 1, 2)
    WHERE
        c.size_class = 'large'
        AND (
            c.basis = 'above_scale'
            OR NOT EXISTS (
                SELECT 1
                FROM staging.size_classes AS b
                WHERE b.uscc = c.uscc AND b."year" = c."year" AND b.basis = 'above_scale'
            )
        )
        AND (n.status = 'active' OR (d.reconstructed AND n.status = 'cancelled' AND n.ended > c."year"))
),
large_scopes AS (
    SELECT unit, "year", industry, COUNT(*) AS enterprises
    FROM large
    GROUP BY unit, "year", industry
    UNION ALL
    SELECT zone AS unit, "year", industry, COUNT(*) AS enterprises
    FROM large
    WHERE zone IS NOT NULL
    GROUP BY zone, "year", industry
),
industries AS (
    SELECT DISTINCT industry_group AS industry FROM reference.industry_groups
)
SELECT
    a.unit,
    a."year",
    i.industry,
    s.reconstructed,
    CAST(COALESCE(l.enterprises, 0) - COALESCE(b.enterprises, 0) AS BIGINT) AS enterprises
FROM staging.assessed AS a
JOIN staging.enterprise_stocks AS s ON s.unit = a.unit AND s."year" = a."year"
CROSS JOIN industries AS i
LEFT JOIN living AS l ON l.unit = a.unit AND l."year" = a."year" AND l.industry = i.industry
LEFT JOIN large_scopes AS b ON b.unit = a.unit AND b."year" = a."year" AND b.industry = i.industry
