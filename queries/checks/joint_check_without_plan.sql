-- Inspections marked joint or drawn by lot that carry no number of a plan.
-- grain: row
SELECT
    x.unit,
    substr(x.period, 1, 4) AS period,
    x.mode AS subject,
    CAST(NULL AS DECIMAL(38, 8)) AS found,
    CAST(NULL AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.enforcement AS x
WHERE x.kind = 'inspection' AND x.mode IN ('joint', 'random') AND x.plan_no IS NULL
