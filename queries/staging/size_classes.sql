-- Size classes by 国统字〔2017〕213号, of enterprises whose figures were sent: the class of an enterprise is the lowest over
-- the measures of its row. The industry is the register's. `micro` where one measure says so, whatever the others; else a
-- missing measure or industry leaves it `unclassified`; an industry the standard leaves out is `not_covered`.
-- grain: uscc, year, basis
WITH figures AS (
    SELECT uscc, CAST(period AS BIGINT) AS "year", 'above_scale' AS basis, employees, revenue, assets
    FROM extracts.above_scale
    WHERE uscc IS NOT NULL
    UNION ALL
    SELECT uscc, CAST(period AS BIGINT) AS "year", 'tech_enterprise' AS basis, employees, revenue, NULL AS assets
    FROM extracts.tech_enterprise
    WHERE uscc IS NOT NULL
),
placed AS (
    SELECT
        f.uscc,
        f."year",
        f.basis,
        f.employees,
        f.revenue,
        f.assets,
        e.industry_code,
        COALESCE(i.size_row, v.size_row) AS size_row
    FROM figures AS f
    LEFT JOIN staging.register_days AS d ON d."year" = f."year"
    LEFT JOIN staging.named_enterprises AS e ON e.uscc = f.uscc AND e.snapshot = d.snapshot
    LEFT JOIN reference.size_industries AS i ON i.industry = substr(e.industry_code, 1, 3)
    LEFT JOIN reference.size_industries AS v ON v.industry = substr(e.industry_code, 1, 2)
),
measured AS (
    SELECT
        p.uscc,
        p."year",
        p.basis,
        p.industry_code,
        p.size_row,
        l.measure,
        l.large,
        l.medium,
        l.small,
        CASE l.measure WHEN 'employees' THEN p.employees WHEN 'revenue' THEN p.revenue WHEN 'assets' THEN p.assets END AS figure
    FROM placed AS p
    LEFT JOIN reference.size_limits AS l ON l.size_row = p.size_row
),
levels AS (
    SELECT
        uscc,
        "year",
        basis,
        MAX(industry_code) AS industry_code,
        MAX(size_row) AS size_row,
        COUNT(measure) AS measures,
        COUNT(figure) AS figures,
        MIN(
            CASE
                WHEN figure >= large THEN 4
                WHEN figure >= medium THEN 3
                WHEN figure >= small THEN 2
                WHEN figure IS NOT NULL THEN 1
            END
        ) AS level
    FROM measured
    GROUP BY uscc, "year", basis
)
SELECT
    uscc,
    "year",
    basis,
    industry_code,
    size_row,
    CASE
        WHEN industry_code IS NULL THEN 'unclassified'
        WHEN size_row IS NULL THEN 'not_covered'
        WHEN level = 1 THEN 'micro'
        WHEN figures < measures THEN 'unclassified'
        WHEN level = 2 THEN 'small'
        WHEN level = 3 THEN 'medium'
        ELSE 'large'
    END AS size_class
FROM levels
