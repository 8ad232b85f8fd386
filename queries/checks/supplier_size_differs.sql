-- Contracts whose supplier declares a size other than its figures of that year give it by the standard. Sizes
-- as numbers: 1 micro, 2 small, 3 medium, 4 large.
-- grain: row
WITH sizes AS (
    SELECT
        uscc,
        "year",
        COALESCE(
            MAX(size_class) FILTER (WHERE basis = 'above_scale'),
            MAX(size_class) FILTER (WHERE basis = 'tech_enterprise')
        ) AS size_class
    FROM staging.size_classes
    WHERE size_class IN ('micro', 'small', 'medium', 'large')
    GROUP BY uscc, "year"
),
levels AS (
    SELECT size_class, level
    FROM (VALUES ('micro', 1), ('small', 2), ('medium', 3), ('large', 4)) AS v (size_class, level)
)
SELECT
    x.unit,
    substr(x.period, 1, 4) AS period,
    concat(x.supplier_size, ' / ', s.size_class) AS subject,
    CAST(f.level AS DECIMAL(38, 8)) AS found,
    CAST(e.level AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.procurement AS x
JOIN sizes AS s ON s.uscc = x.supplier_uscc AND s."year" = CAST(substr(x.period, 1, 4) AS BIGINT)
JOIN levels AS f ON f.size_class = x.supplier_size
JOIN levels AS e ON e.size_class = s.size_class
WHERE f.level <> e.level
