-- 各县（市、区）合计；“其中”行不参加合计
SELECT
    count(*) AS counties,
    sum(resident_population) AS population,
    CASE WHEN sum(resident_population) IS NULL THEN 'missing' ELSE 'ok' END AS status
FROM staging.population
WHERE period = '2021'
ORDER BY counties
