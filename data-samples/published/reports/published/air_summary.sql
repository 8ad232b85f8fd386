-- 升、平、降各有几个县（市、区）；比较的是公布的数字
SELECT
    count(*) AS counties,
    sum(CASE WHEN d.good_air_rate = 1 THEN 1 ELSE 0 END) AS rate_full,
    sum(CASE WHEN d.good_air_rate > d.last_year_good_air_rate THEN 1 ELSE 0 END) AS rate_up,
    sum(CASE WHEN d.good_air_rate = d.last_year_good_air_rate THEN 1 ELSE 0 END) AS rate_same,
    sum(CASE WHEN d.good_air_rate < d.last_year_good_air_rate THEN 1 ELSE 0 END) AS rate_down,
    sum(CASE WHEN p.pm25 < p.last_year_pm25 THEN 1 ELSE 0 END) AS pm25_down,
    CASE WHEN count(*) = 0 THEN 'missing' ELSE 'ok' END AS status
FROM extracts.air_good_days AS d
JOIN extracts.air_pm25 AS p ON p.unit = d.unit AND p.period = d.period
WHERE d.period = '2024-10' AND d._of_which IS NULL AND p._of_which IS NULL
ORDER BY counties
