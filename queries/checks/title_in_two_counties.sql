-- Holders of a valid title that two or more counties list at the same year's end. `found`: counties.
-- grain: unit, period, subject
SELECT
    MIN(h.unit) AS unit,
    CAST(h."year" AS VARCHAR) AS period,
    h.title AS subject,
    CAST(COUNT(DISTINCT h.unit) AS DECIMAL(38, 8)) AS found,
    CAST(1 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.title_holders AS h
JOIN staging.assessed AS a ON a.unit = h.unit AND a."year" = h."year" AND a.kind = 'county'
WHERE h.is_valid
GROUP BY h."year", h.title, h.holder
HAVING COUNT(DISTINCT h.unit) > 1
