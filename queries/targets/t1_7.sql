-- t1.7 国家级专精特新“小巨人”企业 (National 'little giants')
-- enterprises ever granted the title by the year's end; those with a valid one
-- grain: reading, unit, year
SELECT 't1.7' AS target, reading, unit, "year", amount, CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.titles
WHERE title = 'little_giant'
