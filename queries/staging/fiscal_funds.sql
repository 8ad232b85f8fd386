-- Special funds spent, investment of industry funds and relief by unit and year, in 元. A county has a figure
-- only with all its parts; what the city level (市本级) spends belongs to no county.
-- grain: unit, year
SELECT
    s.scope AS unit,
    CAST(x.period AS BIGINT) AS "year",
    CASE WHEN COUNT(x.sme_fund_spent) = MAX(s.parts) THEN SUM(x.sme_fund_spent) END AS sme_fund_spent,
    CASE
        WHEN COUNT(x.fund_invest_total) = MAX(s.parts) THEN SUM(x.fund_invest_total)
    END AS fund_invest_total,
    CASE WHEN COUNT(x.fund_invest_msme) = MAX(s.parts) THEN SUM(x.fund_invest_msme) END AS fund_invest_msme,
    CASE WHEN COUNT(x.relief_msme) = MAX(s.parts) THEN SUM(x.relief_msme) END AS relief_msme
FROM extracts.fiscal_fund AS x
JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
WHERE x._of_which IS NULL OR s.scope = x.unit
GROUP BY s.scope, x.period
