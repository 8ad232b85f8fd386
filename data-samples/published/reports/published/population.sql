-- 2021年末常住人口与城镇化率，人口多的在前
SELECT
    u.id AS unit,
    u.name_zh,
    u.short_zh,
    p.value AS population,
    s.value AS urban_share,
    p.status,
    s.status AS share_status
FROM indicators.resident_population AS p
JOIN indicators.urban_share AS s ON s.unit = p.unit AND s.period = p.period
JOIN reference.units AS u ON u.id = p.unit
WHERE p.period = '2021'
ORDER BY p.value DESC NULLS LAST, u.id
