-- How complete each contract is: periods that came before the edition closed, of those due or come, and units with rows of those of the partition, over the
-- periods that came.
-- grain: contract
WITH periods AS (
    SELECT
        contract,
        COUNT(*) AS periods_due,
        SUM(CASE WHEN status IN ('in_time', 'late') THEN 1 ELSE 0 END) AS periods_delivered,
        SUM(CASE WHEN status = 'late' THEN 1 ELSE 0 END) AS periods_late
    FROM monitoring.timeliness
    WHERE is_due OR status IN ('in_time', 'late')
    GROUP BY contract
),
found AS (
    SELECT contract, COUNT(*) AS units_found FROM monitoring.units GROUP BY contract
),
missing AS (
    SELECT contract, COUNT(*) AS units_missing FROM monitoring.missing_units GROUP BY contract
)
SELECT
    c.id AS contract,
    c.title_zh,
    c.department,
    c.frequency,
    COALESCE(p.periods_due, 0) AS periods_due,
    COALESCE(p.periods_delivered, 0) AS periods_delivered,
    COALESCE(p.periods_late, 0) AS periods_late,
    CASE
        WHEN p.periods_due > 0 THEN CAST(p.periods_delivered AS DOUBLE) / CAST(p.periods_due AS DOUBLE)
    END AS periods_share,
    CASE WHEN c.has_units THEN COALESCE(f.units_found, 0) END AS units_found,
    CASE WHEN c.has_units THEN COALESCE(m.units_missing, 0) END AS units_missing
FROM reference.contracts AS c
LEFT JOIN periods AS p ON p.contract = c.id
LEFT JOIN found AS f ON f.contract = c.id
LEFT JOIN missing AS m ON m.contract = c.id
