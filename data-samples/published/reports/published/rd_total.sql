-- 11个单位合计
SELECT
    count(*) AS counties,
    sum(projects) AS projects,
    sum(participants) AS participants,
    sum(full_time_equivalent) AS full_time_equivalent,
    sum(internal_spending) AS spending,
    CASE WHEN sum(projects) IS NULL THEN 'missing' ELSE 'ok' END AS projects_status,
    CASE WHEN sum(participants) IS NULL THEN 'missing' ELSE 'ok' END AS participants_status,
    CASE WHEN sum(full_time_equivalent) IS NULL THEN 'missing' ELSE 'ok' END AS full_time_equivalent_status,
    CASE WHEN sum(internal_spending) IS NULL THEN 'missing' ELSE 'ok' END AS status
FROM staging.rd_projects
WHERE period = '2017'
ORDER BY counties
