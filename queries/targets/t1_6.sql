-- t1.6 省级隐形冠军企业 (Provincial 'hidden champions')
-- enterprises ever granted the title by the year's end; those with a valid one
-- grain: reading, unit, year
SELECT 't1.6' AS target, reading, unit, "year", amount, CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.titles
WHERE title = 'hidden_champion'
