-- Enterprises with a valid title of a group at the end of each year, each counted once whatever its titles:
-- specialised (专精特新 of the province, 小巨人), innovative (创新型中小企业), technology (高新, 省科技型), listing (上市, 辅导).
-- None where a list that speaks of the unit came and names nobody there; no row where neither the year's list
-- nor a later one did.
-- grain: unit, year, title_group
WITH holders AS (
    SELECT
        unit,
        "year",
        CASE
            WHEN title IN ('prov_zjtx', 'little_giant') THEN 'specialised'
            WHEN title = 'innovative_sme' THEN 'innovative'
            WHEN title IN ('high_tech', 'tech_sme_prov') THEN 'technology'
            WHEN title IN ('listed', 'listing_tutoring') THEN 'listing'
        END AS title_group,
        holder,
        reconstructed
    FROM staging.title_holders
    WHERE is_valid
),
counted AS (
    SELECT
        unit,
        "year",
        title_group,
        COUNT(DISTINCT holder) AS enterprises,
        bool_or(reconstructed) AS reconstructed
    FROM holders
    WHERE title_group IS NOT NULL
    GROUP BY unit, "year", title_group
),
groups AS (
    SELECT 'specialised' AS title_group
    UNION ALL
    SELECT 'innovative' AS title_group
    UNION ALL
    SELECT 'technology' AS title_group
    UNION ALL
    SELECT 'listing' AS title_group
),
served AS (
    SELECT a.unit, a."year", MIN(d."year") > a."year" AS reconstructed
    FROM staging.assessed AS a
    JOIN staging.delivered_scopes AS d ON d.contract = 'gradient' AND d.unit = a.unit AND d."year" >= a."year"
    GROUP BY a.unit, a."year"
)
SELECT
    a.unit,
    a."year",
    g.title_group,
    COALESCE(c.enterprises, 0) AS enterprises,
    COALESCE(s.reconstructed, FALSE) OR COALESCE(c.reconstructed, FALSE) AS reconstructed
FROM staging.assessed AS a
CROSS JOIN groups AS g
LEFT JOIN served AS s ON s.unit = a.unit AND s."year" = a."year"
LEFT JOIN counted AS c ON c.unit = a.unit AND c."year" = a."year" AND c.title_group = g.title_group
WHERE s.unit IS NOT NULL OR c.unit IS NOT NULL
