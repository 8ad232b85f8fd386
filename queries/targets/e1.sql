-- e1 新增上市中小企业 (Newly listed SMEs by 2025)
-- listings since the baseline of enterprises that were not large; with those of unknown size
-- grain: reading, unit, year
WITH listings AS (
    SELECT f.unit, t."year", r.reading, COUNT(*) AS firms
    FROM targets.listed_firms AS f
    JOIN staging.target_years AS t
        ON t.target = 'e1' AND f.granted_on > t.baseline_on AND f.granted_on <= t.last_day
    JOIN reference.target_readings AS r ON r.target = t.target
    WHERE
        f.size_class IN ('medium', 'small', 'micro')
        OR (r.reading = 'with_unclassified' AND f.size_class = 'unclassified')
    GROUP BY f.unit, t."year", r.reading
)
SELECT
    r.target,
    r.reading,
    a.unit,
    a."year",
    CAST(COALESCE(l.firms, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM staging.assessed AS a
JOIN staging.delivered AS d ON d.contract = 'gradient' AND d."year" = a."year"
JOIN reference.target_readings AS r ON r.target = 'e1'
LEFT JOIN listings AS l ON l.unit = a.unit AND l."year" = a."year" AND l.reading = r.reading
WHERE a.kind = 'county'
