-- What each county has of the targets that lists of enterprises tell of, by year: above designated size
-- (t1.2, t1.3), titles ever granted and valid (t1.4 to t1.7), titles granted since the baseline (t2.1),
-- listings since then (e1). A unit without rows has 0 where the list came. Counts of holders are distinct
-- within the county.
-- grain: target, reading, unit, year
WITH counties AS (
    SELECT a.unit, a."year", d.contract
    FROM staging.assessed AS a
    JOIN staging.delivered AS d ON d."year" = a."year"
    WHERE a.kind = 'county' AND d.contract IN ('above_scale', 'gradient')
),
above_scale AS (
    SELECT
        CASE WHEN x.list_kind = 'industry' THEN 't1.2' ELSE 't1.3' END AS target,
        m.counts_as AS unit,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        COUNT(*) AS firms
    FROM extracts.above_scale AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    WHERE x.list_kind IN ('industry', 'wholesale', 'retail', 'lodging', 'catering')
    GROUP BY
        CASE WHEN x.list_kind = 'industry' THEN 't1.2' ELSE 't1.3' END,
        m.counts_as,
        CAST(substr(x.period, 1, 4) AS BIGINT)
),
granted AS (
    SELECT
        t.target,
        m.counts_as AS unit,
        t."year",
        COUNT(DISTINCT COALESCE(x.uscc, x.name)) AS holders
    FROM extracts.gradient AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    CROSS JOIN staging.target_years AS t
    WHERE
        t.target = 't2.1' AND x.title = 'tech_sme_prov'
        AND x.granted_on > t.baseline_on AND x.granted_on <= t.last_day
    GROUP BY t.target, m.counts_as, t."year"
),
listings AS (
    SELECT
        f.unit,
        t."year",
        COUNT(*) FILTER (WHERE f.size_class IN ('medium', 'small', 'micro')) AS classified,
        COUNT(*) FILTER (WHERE f.size_class <> 'large') AS with_unclassified
    FROM targets.listed_firms AS f
    CROSS JOIN staging.target_years AS t
    WHERE t.target = 'e1' AND f.granted_on > t.baseline_on AND f.granted_on <= t.last_day
    GROUP BY f.unit, t."year"
),
titles AS (
    SELECT id AS target, title
    FROM (VALUES
        ('t1.4', 'innovative_sme'),
        ('t1.5', 'prov_zjtx'),
        ('t1.6', 'hidden_champion'),
        ('t1.7', 'little_giant')
    ) AS v (id, title)
)
SELECT
    t.id AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(x.firms, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
JOIN reference.targets AS t ON t.id IN ('t1.2', 't1.3')
LEFT JOIN above_scale AS x ON x.target = t.id AND x.unit = c.unit AND x."year" = c."year"
WHERE c.contract = 'above_scale'
UNION ALL
SELECT
    t.target,
    'ever' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(x.ever, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
CROSS JOIN titles AS t
LEFT JOIN staging.titles AS x ON x.title = t.title AND x.unit = c.unit AND x."year" = c."year"
WHERE c.contract = 'gradient'
UNION ALL
SELECT
    t.target,
    'valid' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(x.valid, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
CROSS JOIN titles AS t
LEFT JOIN staging.titles AS x ON x.title = t.title AND x.unit = c.unit AND x."year" = c."year"
WHERE c.contract = 'gradient'
UNION ALL
SELECT
    't2.1' AS target,
    'single' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(x.holders, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
LEFT JOIN granted AS x ON x.unit = c.unit AND x."year" = c."year"
WHERE c.contract = 'gradient'
UNION ALL
SELECT
    'e1' AS target,
    'classified' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(x.classified, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
LEFT JOIN listings AS x ON x.unit = c.unit AND x."year" = c."year"
WHERE c.contract = 'gradient'
UNION ALL
SELECT
    'e1' AS target,
    'with_unclassified' AS reading,
    c.unit,
    c."year",
    CAST(COALESCE(x.with_unclassified, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM counties AS c
LEFT JOIN listings AS x ON x.unit = c.unit AND x."year" = c."year"
WHERE c.contract = 'gradient'
