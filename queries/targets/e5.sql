-- e5 审慎监管机制涉企执法部门覆盖 (Prudent-supervision mechanism in all enforcement departments)
-- enforcement departments with the mechanism of all of them, as last reported in the year
-- grain: reading, unit, year
SELECT
    target,
    'single' AS reading,
    unit,
    "year",
    CAST(value AS DECIMAL(38, 8)) AS amount,
    CAST(base AS DECIMAL(38, 8)) AS whole
FROM targets.reported
WHERE target = 'e5'
