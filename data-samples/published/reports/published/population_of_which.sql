-- “其中”行：包含在所属县（市、区）之内的功能区
SELECT
    e._of_which AS parent,
    u.name_zh,
    e.resident_population AS population,
    e.urban_share
FROM extracts.population AS e
JOIN reference.units AS u ON u.id = e.unit
WHERE e.period = '2021' AND e._of_which IS NOT NULL
ORDER BY parent, u.name_zh
