-- 11个单位合计
SELECT
    count(*) AS counties,
    sum(projects) AS projects,
    sum(participants) AS participants,
    sum(full_time_equivalent) AS full_time_equivalent,
    sum(internal_spending) AS spending
FROM staging.rd_projects
WHERE period = '2017'
ORDER BY counties
