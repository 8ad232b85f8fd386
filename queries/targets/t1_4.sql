-- t1.4 创新型中小企业 (Innovative SMEs (title))
-- enterprises ever granted the title by the year's end; those with a valid one
-- grain: reading, unit, year
SELECT 't1.4' AS target, reading, unit, "year", amount, CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.titles
WHERE title = 'innovative_sme'
