-- 2024年10月优良率与PM2.5，与上年同期相比
SELECT
    u.id AS unit,
    u.name_zh,
    g.value AS good_air_rate,
    g1.value AS good_air_rate_last_year,
    g.value - g1.value AS good_air_rate_change,
    p.value AS pm25,
    p1.value AS pm25_last_year,
    (p.value - p1.value) / p1.value AS pm25_change_rate,
    g.status,
    g1.status AS last_year_status,
    CASE WHEN g.value IS NULL THEN g.status ELSE g1.status END AS change_status,
    p.status AS pm25_status,
    p1.status AS pm25_last_year_status,
    CASE WHEN p.value IS NULL THEN p.status ELSE p1.status END AS pm25_change_status
FROM indicators.good_air_rate AS g
JOIN indicators.good_air_rate AS g1 ON g1.unit = g.unit AND g1.period = '2023-10'
JOIN indicators.pm25 AS p ON p.unit = g.unit AND p.period = '2024-10'
JOIN indicators.pm25 AS p1 ON p1.unit = g.unit AND p1.period = '2023-10'
JOIN reference.units AS u ON u.id = g.unit
JOIN reference.memberships AS m ON m.unit = g.unit AND m.partition = 'p12'
WHERE g.period = '2024-10'
ORDER BY m.position
