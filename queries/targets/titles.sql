-- Enterprises with a title at the year's end in each county and in the city, where the list came: ever
-- granted it by then, and valid. The city counts anew: a holder listed by two counties is one.
-- grain: title, reading, unit, year
WITH units AS (
    SELECT a.unit, a."year"
    FROM staging.assessed AS a
    WHERE a.kind = 'county'
    UNION ALL
    SELECT DISTINCT c.id AS unit, a."year"
    FROM reference.units AS c
    CROSS JOIN staging.assessed AS a
    WHERE c.kind = 'city'
),
holders AS (
    SELECT h.title, h.unit AS county, c.id AS city, h."year", h.holder, h.is_valid
    FROM staging.title_holders AS h
    JOIN staging.assessed AS a ON a.unit = h.unit AND a."year" = h."year" AND a.kind = 'county'
    JOIN reference.units AS c ON c.kind = 'city'
),
counted AS (
    SELECT title, county AS unit, "year", COUNT(*) AS ever, COUNT(*) FILTER (WHERE is_valid) AS valid
    FROM holders
    GROUP BY title, county, "year"
    UNION ALL
    SELECT
        title,
        city AS unit,
        "year",
        COUNT(DISTINCT holder) AS ever,
        COUNT(DISTINCT CASE WHEN is_valid THEN holder END) AS valid
    FROM holders
    GROUP BY title, city, "year"
),
titles AS (
    SELECT v.title, v.reading
    FROM (VALUES
        ('innovative_sme', 'ever'),
        ('innovative_sme', 'valid'),
        ('prov_zjtx', 'ever'),
        ('prov_zjtx', 'valid'),
        ('hidden_champion', 'ever'),
        ('hidden_champion', 'valid'),
        ('little_giant', 'ever'),
        ('little_giant', 'valid')
    ) AS v (title, reading)
)
SELECT
    t.title,
    t.reading,
    u.unit,
    u."year",
    CAST(COALESCE(CASE WHEN t.reading = 'ever' THEN c.ever ELSE c.valid END, 0) AS DECIMAL(38, 8)) AS amount
FROM units AS u
JOIN staging.delivered AS d ON d.contract = 'gradient' AND d."year" = u."year"
CROSS JOIN titles AS t
LEFT JOIN counted AS c ON c.title = t.title AND c.unit = u.unit AND c."year" = u."year"
