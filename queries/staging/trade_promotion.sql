-- Market development by unit and year. Deals and participations are those of each quarter: a year has them if
-- all four quarters came whole. Traders abroad count from the start of the year: the fourth quarter has them
-- all, and nothing is added. A county has a quarter only with all its parts.
-- grain: unit, year
WITH quarters AS (
    SELECT
        s.scope AS unit,
        x.period,
        CASE WHEN COUNT(x.matching_deals) = MAX(s.parts) THEN SUM(x.matching_deals) END AS matching_deals,
        CASE
            WHEN COUNT(x.fair_participations) = MAX(s.parts) THEN SUM(x.fair_participations)
        END AS fair_participations,
        CASE WHEN COUNT(x.sme_exporters) = MAX(s.parts) THEN SUM(x.sme_exporters) END AS sme_exporters
    FROM extracts.trade_promotion AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE (x._of_which IS NULL OR s.scope = x.unit) AND substr(x.period, 5, 2) = '-Q'
    GROUP BY s.scope, x.period
)
SELECT
    unit,
    CAST(substr(period, 1, 4) AS BIGINT) AS "year",
    CASE WHEN COUNT(matching_deals) = 4 THEN SUM(matching_deals) END AS matching_deals,
    CASE WHEN COUNT(fair_participations) = 4 THEN SUM(fair_participations) END AS fair_participations,
    SUM(sme_exporters) FILTER (WHERE substr(period, 5) = '-Q4') AS sme_exporters
FROM quarters
GROUP BY unit, substr(period, 1, 4)
