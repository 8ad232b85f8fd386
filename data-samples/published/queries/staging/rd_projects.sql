-- R&D projects of industry above designated size. 11 counties: 苍南 includes 龙港.
-- grain: unit, period    unit of measure: 项, 人, 人年, 元
SELECT
    unit,
    period,
    projects,
    participants,
    full_time_equivalent,
    internal_spending
FROM extracts.rd_projects
WHERE _of_which IS NULL
