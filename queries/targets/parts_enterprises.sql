-- What each county has of the targets that the register tells of, by year. Of t1.1 the enterprises founded
-- since the baseline, whatever became of them, and those in business (whose change is the net reading); of e3
-- companies among enterprises.
-- grain: target, reading, unit, year
WITH counties AS (
    SELECT unit, "year" FROM staging.assessed WHERE kind = 'county'
),
founded AS (
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
    c.unit,
    c."year",
    CAST(COALESCE(f.enterprises, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
JOIN staging.enterprise_stocks AS s ON s.unit = c.unit AND s."year" = c."year"
LEFT JOIN founded AS f ON f.unit = c.unit AND f."year" = c."year"
UNION ALL
SELECT
    't1.1' AS target,
    'net' AS reading,
    c.unit,
    c."year",
    CAST(s.enterprises AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.enterprise_stocks AS s
JOIN counties AS c ON c.unit = s.unit AND c."year" = s."year"
UNION ALL
SELECT
    'e3' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(s.companies AS DECIMAL(38, 8)) AS amount,
    CAST(s.enterprises AS DECIMAL(38, 8)) AS whole
FROM staging.enterprise_stocks AS s
JOIN counties AS c ON c.unit = s.unit AND c."year" = s."year"
