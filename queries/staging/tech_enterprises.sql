-- Technology enterprises by unit and year. The county is the row's; the zone and the industry are the
-- register's, so zones and research have figures only where a copy of the register serves the year. Research
-- is counted over enterprises below large of which both figures are known; those without a size class (not in
-- the register, an industry that needs total assets) are left out, their number and revenue beside. A blank
-- amount is nobody's zero: a column that no row of the year fills in is unknown.
-- grain: unit, year
WITH listed AS (
    SELECT
        CASE WHEN u.kind IN ('zone', 'remainder') THEN u.parent ELSE u.id END AS county,
        e.zone,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        COALESCE(z.size_class, 'unclassified') AS size_class,
        CASE WHEN x.rd_expense IS NOT NULL THEN x.revenue END AS revenue,
        CASE WHEN x.revenue IS NOT NULL THEN x.rd_expense END AS rd_expense,
        x.tech_contract_in,
        x.vc_amount
    FROM extracts.tech_enterprise AS x
    JOIN reference.units AS u ON u.id = x.unit
    LEFT JOIN staging.register_days AS d ON d."year" = CAST(substr(x.period, 1, 4) AS BIGINT)
    LEFT JOIN staging.named_enterprises AS e ON e.uscc = x.uscc AND e.snapshot = d.snapshot
    LEFT JOIN staging.size_classes AS z
        ON z.uscc = x.uscc
        AND z."year" = CAST(substr(x.period, 1, 4) AS BIGINT)
        AND z.basis = 'tech_enterprise'
    WHERE x._of_which IS NULL
),
placed AS (
    SELECT county AS unit, "year", size_class, revenue, rd_expense, tech_contract_in, vc_amount
    FROM listed
    UNION ALL
    SELECT zone AS unit, "year", size_class, revenue, rd_expense, tech_contract_in, vc_amount
    FROM listed
    WHERE zone IS NOT NULL
),
counted AS (
    SELECT
        unit,
        "year",
        COUNT(*) AS enterprises,
        COUNT(*) FILTER (WHERE vc_amount > 0) AS invested,
        SUM(tech_contract_in) AS tech_contract_in,
        COUNT(rd_expense) FILTER (WHERE size_class IN ('medium', 'small', 'micro')) AS sme_enterprises,
        SUM(rd_expense) FILTER (WHERE size_class IN ('medium', 'small', 'micro')) AS sme_rd_expense,
        SUM(revenue) FILTER (WHERE size_class IN ('medium', 'small', 'micro')) AS sme_revenue,
        COUNT(rd_expense) FILTER (
            WHERE size_class IN ('unclassified', 'not_covered')
        ) AS sizeless_enterprises,
        SUM(revenue) FILTER (WHERE size_class IN ('unclassified', 'not_covered')) AS sizeless_revenue
    FROM placed
    GROUP BY unit, "year"
),
filled AS (
    SELECT "year", COUNT(tech_contract_in) AS contracts, COUNT(vc_amount) AS investments
    FROM listed
    GROUP BY "year"
)
SELECT
    a.unit,
    a."year",
    COALESCE(c.enterprises, 0) AS enterprises,
    CASE WHEN f.investments > 0 THEN COALESCE(c.invested, 0) END AS invested,
    CASE WHEN f.contracts > 0 THEN COALESCE(c.tech_contract_in, 0) END AS tech_contract_in,
    CASE WHEN r.snapshot IS NOT NULL THEN COALESCE(c.sme_enterprises, 0) END AS sme_enterprises,
    CASE WHEN r.snapshot IS NOT NULL THEN COALESCE(c.sme_rd_expense, 0) END AS sme_rd_expense,
    CASE WHEN r.snapshot IS NOT NULL THEN COALESCE(c.sme_revenue, 0) END AS sme_revenue,
    CASE WHEN r.snapshot IS NOT NULL THEN COALESCE(c.sizeless_enterprises, 0) END AS sizeless_enterprises,
    CASE WHEN r.snapshot IS NOT NULL THEN COALESCE(c.sizeless_revenue, 0) END AS sizeless_revenue
FROM staging.assessed AS a
JOIN staging.delivered AS d ON d.contract = 'tech_enterprise' AND d.period = a.period
LEFT JOIN staging.register_days AS r ON r."year" = a."year"
LEFT JOIN counted AS c ON c.unit = a.unit AND c."year" = a."year"
LEFT JOIN filled AS f ON f."year" = a."year"
WHERE a.kind <> 'zone' OR r.snapshot IS NOT NULL
