-- t1.1 新增中小微企业 (New micro, small and medium enterprises)
-- gross: enterprises founded since the baseline, whatever became of them; net: those in business at the
-- year's end, whose change it is
-- grain: reading, unit, year
WITH founded AS (
    SELECT e.unit, d."year", SUM(e.enterprises) AS enterprises
    FROM staging.register_days AS d
    JOIN staging.enterprise_scopes AS e ON e.snapshot = d.snapshot
    JOIN staging.target_years AS t ON t.target = 't1.1' AND t."year" = d."year"
    WHERE e.established > t.baseline_year AND e.established <= t."year"
    GROUP BY e.unit, d."year"
)
SELECT
    't1.1' AS target,
    'gross' AS reading,
    a.unit,
    a."year",
    CAST(COALESCE(f.enterprises, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.enterprise_stocks AS s
JOIN staging.assessed AS a ON a.unit = s.unit AND a."year" = s."year" AND a.kind = 'county'
LEFT JOIN founded AS f ON f.unit = s.unit AND f."year" = s."year"
UNION ALL
SELECT
    't1.1' AS target,
    'net' AS reading,
    a.unit,
    a."year",
    CAST(s.enterprises AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.enterprise_stocks AS s
JOIN staging.assessed AS a ON a.unit = s.unit AND a."year" = s."year" AND a.kind = 'county'
