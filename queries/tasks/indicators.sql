-- Which indicators speak to each task, and what they say of each unit in each period. A task without an
-- indicator stands once, with none.
-- grain: task, indicator, unit, period
SELECT
    t.task,
    t.title_zh,
    i.id AS indicator,
    i.name_zh AS indicator_zh,
    i.display_unit,
    i.decimals,
    v.unit,
    v.period,
    v.status,
    v.flags,
    v.value
FROM reference.tasks AS t
LEFT JOIN reference.indicator_links AS l ON l.kind = 'task' AND l.id = CAST(t.task AS VARCHAR)
LEFT JOIN reference.indicators AS i ON i.id = l.indicator
LEFT JOIN overview.indicators AS v ON v.indicator = i.id
