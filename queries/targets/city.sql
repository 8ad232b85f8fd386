-- The city's figure of each target that counties add up to, by year; missing where a county's is. The city
-- level itself (市本级) sends rows that belong to no county; they stand in no extract and so are not in it.
-- Titles are counted anew over the city: a holder listed by two counties is one.
-- grain: target, reading, year
WITH units AS (
    SELECT COUNT(DISTINCT unit) AS counties FROM staging.assessed WHERE kind = 'county'
),
sums AS (
    SELECT
        p.target,
        p.reading,
        p."year",
        COUNT(p.amount) AS amounts,
        SUM(p.amount) AS amount,
        COUNT(p.whole) AS wholes,
        SUM(p.whole) AS whole
    FROM targets.parts AS p
    GROUP BY p.target, p.reading, p."year"
),
holders AS (
    SELECT
        h.title,
        h."year",
        COUNT(DISTINCT h.holder) AS ever,
        COUNT(DISTINCT CASE WHEN h.is_valid THEN h.holder END) AS valid
    FROM staging.title_holders AS h
    JOIN staging.assessed AS a ON a.unit = h.unit AND a."year" = h."year" AND a.kind = 'county'
    GROUP BY h.title, h."year"
),
titles AS (
    SELECT
        CASE title
            WHEN 'innovative_sme' THEN 't1.4'
            WHEN 'prov_zjtx' THEN 't1.5'
            WHEN 'hidden_champion' THEN 't1.6'
            WHEN 'little_giant' THEN 't1.7'
        END AS target,
        "year",
        ever,
        valid
    FROM holders
    WHERE title IN ('innovative_sme', 'prov_zjtx', 'hidden_champion', 'little_giant')
)
SELECT
    s.target,
    s.reading,
    s."year",
    CAST(
        CASE
            WHEN s.amounts < u.counties THEN NULL
            WHEN s.reading = 'ever' THEN COALESCE(t.ever, 0)
            WHEN s.reading = 'valid' THEN COALESCE(t.valid, 0)
            ELSE s.amount
        END
        AS DECIMAL(38, 8)
    ) AS amount,
    CAST(CASE WHEN s.wholes = u.counties THEN s.whole END AS DECIMAL(38, 8)) AS whole
FROM sums AS s
CROSS JOIN units AS u
LEFT JOIN titles AS t ON t.target = s.target AND t."year" = s."year"
