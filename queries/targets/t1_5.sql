-- t1.5 省级专精特新中小企业 (Provincial 'specialised and innovative' SMEs)
-- enterprises ever granted the title by the year's end; those with a valid one
-- grain: reading, unit, year
SELECT 't1.5' AS target, reading, unit, "year", amount, CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.titles
WHERE title = 'prov_zjtx'
