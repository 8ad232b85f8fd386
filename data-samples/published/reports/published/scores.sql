-- 演示综合得分、名次、名次区间与两项贡献
SELECT
    u.id AS unit,
    u.name_zh,
    r.score,
    r.rank,
    r.rank_low,
    r.rank_high,
    g.contribution AS good_air_rate_part,
    p.contribution AS pm25_part,
    CASE WHEN r.ranked THEN 'ok' ELSE 'missing' END AS status
FROM air.ranks AS r
JOIN air.contributions AS g ON g.unit = r.unit AND g.period = r.period AND g.indicator = 'good_air_rate'
JOIN air.contributions AS p ON p.unit = r.unit AND p.period = r.period AND p.indicator = 'pm25'
JOIN reference.units AS u ON u.id = r.unit
JOIN reference.memberships AS m ON m.unit = r.unit AND m.partition = 'p12'
WHERE r.period = '2024-10'
ORDER BY r.rank NULLS LAST, m.position
