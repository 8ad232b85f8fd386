-- Inspections and first minor offences of enterprises by the year of decision. Who is an enterprise is what
-- the register says of the code; a row without code may be anybody and is left out: `coded_…` of all such
-- rows says how many have one. An inspection by several departments stands on several rows: one check is one
-- plan and enterprise, without plan the case itself, and it is joint where one of its rows is. A row that
-- does not say how it was made, or how it ended, does not count. A unit without rows has 0 where the year was
-- delivered, and no figure where none of its rows has the column filled; without a register that serves the
-- year nobody can be told to be an enterprise.
-- grain: unit, year
WITH decided AS (
    SELECT
        s.scope AS unit,
        CAST(extract(YEAR FROM e.decided_on) AS BIGINT) AS "year",
        e.kind,
        e.uscc,
        COALESCE(e.plan_no || '|' || e.uscc, e.case_id) AS one_check,
        e.mode,
        e.minor_first,
        e.outcome
    FROM extracts.enforcement AS e
    JOIN staging.scopes AS s ON s.partition = e.partition AND s.unit = e.unit
    WHERE e._of_which IS NULL OR s.scope = e.unit
),
judged AS (
    SELECT
        d.unit,
        d."year",
        d.uscc,
        d.one_check,
        d.mode,
        d.minor_first,
        d.outcome,
        d.kind = 'inspection' AS is_inspection,
        d.kind = 'inspection' AND n.uscc IS NOT NULL AS of_enterprise,
        d.kind = 'penalty' AND d.minor_first AND d.outcome IS NOT NULL AS is_minor,
        d.kind = 'penalty' AND n.uscc IS NOT NULL AS against_enterprise
    FROM decided AS d
    JOIN staging.register_days AS g ON g."year" = d."year"
    LEFT JOIN staging.named_enterprises AS n ON n.uscc = d.uscc AND n.snapshot = g.snapshot
),
counted AS (
    SELECT
        unit,
        "year",
        COUNT(*) FILTER (WHERE is_inspection) AS inspections,
        COUNT(uscc) FILTER (WHERE is_inspection) AS coded_inspections,
        COUNT(*) FILTER (WHERE of_enterprise) = 0
        OR COUNT(mode) FILTER (WHERE of_enterprise) > 0 AS has_modes,
        COUNT(DISTINCT one_check) FILTER (WHERE of_enterprise AND mode IS NOT NULL) AS checks,
        COUNT(DISTINCT one_check) FILTER (WHERE of_enterprise AND mode = 'joint') AS joint_checks,
        COUNT(*) FILTER (WHERE is_minor) AS minor_offences,
        COUNT(uscc) FILTER (WHERE is_minor) AS coded_minor_offences,
        COUNT(*) FILTER (WHERE against_enterprise) = 0
        OR COUNT(minor_first) FILTER (WHERE against_enterprise) > 0 AS has_marks,
        COUNT(*) FILTER (WHERE is_minor AND against_enterprise) AS enterprise_minor_offences,
        COUNT(*) FILTER (WHERE is_minor AND against_enterprise AND outcome = 'none') AS exempted
    FROM judged
    GROUP BY unit, "year"
)
SELECT
    d.unit,
    d."year",
    COALESCE(c.inspections, 0) AS inspections,
    COALESCE(c.coded_inspections, 0) AS coded_inspections,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_modes THEN c.checks END AS checks,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_modes THEN c.joint_checks END AS joint_checks,
    COALESCE(c.minor_offences, 0) AS minor_offences,
    COALESCE(c.coded_minor_offences, 0) AS coded_minor_offences,
    CASE
        WHEN c.unit IS NULL THEN 0
        WHEN c.has_marks THEN c.enterprise_minor_offences
    END AS enterprise_minor_offences,
    CASE WHEN c.unit IS NULL THEN 0 WHEN c.has_marks THEN c.exempted END AS exempted
FROM staging.delivered_scopes AS d
JOIN staging.register_days AS g ON g."year" = d."year"
LEFT JOIN counted AS c ON c.unit = d.unit AND c."year" = d."year"
WHERE d.contract = 'enforcement'
