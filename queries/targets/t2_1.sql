-- t2.1 新增省科技型中小企业（科技型小微企业） (New provincial technology SMEs)
-- enterprises granted the title since the baseline
-- grain: reading, unit, year
WITH granted AS (
    SELECT
        m.counts_as AS unit,
        t."year",
        COUNT(DISTINCT COALESCE(x.uscc, x.name)) AS holders
    FROM extracts.gradient AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    CROSS JOIN staging.target_years AS t
    WHERE
        t.target = 't2.1' AND x.title = 'tech_sme_prov'
        AND x.granted_on > t.baseline_on AND x.granted_on <= t.last_day
    GROUP BY m.counts_as, t."year"
)
SELECT
    't2.1' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(COALESCE(g.holders, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.assessed AS a
JOIN staging.delivered AS d ON d.contract = 'gradient' AND d."year" = a."year"
LEFT JOIN granted AS g ON g.unit = a.unit AND g."year" = a."year"
WHERE a.kind = 'county'
