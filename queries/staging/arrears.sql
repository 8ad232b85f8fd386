-- Undisputed claims registered up to each year's end, and what had been repaid of them by then. The latest
-- word on a claim stands, an unchanged one under the year that first said it. What a later year says is taken
-- back by dates: repaid counts where it was repaid by the year's end (`reconstructed`), and a claim whose day
-- of repayment is unknown is in neither sum. Whether a claim is disputed and how much is owed is as last
-- said. A unit without claims has 0.
-- grain: unit, year
WITH told AS (
    SELECT a.unit, a."year", MIN(d."year") > a."year" AS is_later
    FROM staging.assessed AS a
    JOIN staging.delivered_scopes AS d ON d.unit = a.unit
    WHERE d.contract = 'arrears' AND d."year" >= a."year"
    GROUP BY a.unit, a."year"
),
claims AS (
    SELECT
        a.unit,
        a."year",
        x.period > a.period AS is_later,
        x.owed,
        CASE
            WHEN x.repaid_on > a.last_day THEN CAST(0 AS DECIMAL(20, 2))
            WHEN x.repaid = 0 OR x.repaid_on IS NOT NULL OR x.period <= a.period THEN x.repaid
        END AS repaid
    FROM extracts.arrears AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    JOIN staging.assessed AS a ON a.unit = s.scope
    WHERE (x._of_which IS NULL OR s.scope = x.unit) AND NOT x.disputed AND x.accepted_on <= a.last_day
),
sums AS (
    SELECT
        unit,
        "year",
        COUNT(*) AS registered,
        COUNT(*) FILTER (WHERE owed IS NOT NULL AND repaid IS NOT NULL) AS claims,
        SUM(owed) FILTER (WHERE repaid IS NOT NULL) AS owed,
        SUM(repaid) FILTER (WHERE owed IS NOT NULL) AS repaid,
        bool_or(is_later AND owed IS NOT NULL AND repaid IS NOT NULL) AS reconstructed
    FROM claims
    GROUP BY unit, "year"
)
SELECT
    t.unit,
    t."year",
    COALESCE(s.registered, 0) AS registered,
    COALESCE(s.claims, 0) AS claims,
    CASE WHEN s.unit IS NULL THEN 0 ELSE s.owed END AS owed,
    CASE WHEN s.unit IS NULL THEN 0 ELSE s.repaid END AS repaid,
    t.is_later OR COALESCE(s.reconstructed, FALSE) AS reconstructed
FROM told AS t
LEFT JOIN sums AS s ON s.unit = t.unit AND s."year" = t."year"
