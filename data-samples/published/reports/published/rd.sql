-- 2017年规模以上工业企业研发项目，经费支出多的在前；苍南含龙港
SELECT
    u.id AS unit,
    u.name_zh,
    CASE WHEN u.id = 'cangnan_with_longgang' THEN '苍南' ELSE u.short_zh END AS short_zh,
    j.value AS projects,
    p.value AS participants,
    f.value AS full_time_equivalent,
    s.value AS spending,
    s.status,
    j.status AS projects_status,
    p.status AS participants_status,
    f.status AS full_time_equivalent_status,
    CASE WHEN u.id = 'cangnan_with_longgang' THEN '含今龙港市' END AS note_zh
FROM indicators.rd_spending AS s
JOIN indicators.rd_projects AS j ON j.unit = s.unit AND j.period = s.period
JOIN indicators.rd_participants AS p ON p.unit = s.unit AND p.period = s.period
JOIN indicators.rd_full_time_equivalent AS f ON f.unit = s.unit AND f.period = s.period
JOIN reference.units AS u ON u.id = s.unit
WHERE s.period = '2017'
ORDER BY s.value DESC NULLS LAST, u.id
