-- Start-up loans, enterprises founded by talent, trainees and insured employees of each year. Flows need all
-- four quarters and, in each, every unit that makes up the county; the insured are those of the last quarter
-- that has them. A county's own row stands before the sum of its parts.
-- grain: unit, year
WITH sums AS (
    SELECT
        s.scope AS unit,
        x.partition = 'p12' AS own,
        x.period,
        CASE WHEN COUNT(x.startup_loans) = MAX(s.parts) THEN SUM(x.startup_loans) END AS startup_loans,
        CASE
            WHEN COUNT(x.talent_enterprises) = MAX(s.parts) THEN SUM(x.talent_enterprises)
        END AS talent_enterprises,
        CASE WHEN COUNT(x.trainees_msme) = MAX(s.parts) THEN SUM(x.trainees_msme) END AS trainees_msme,
        CASE
            WHEN COUNT(x.insured_employees) = MAX(s.parts) THEN SUM(x.insured_employees)
        END AS insured_employees
    FROM extracts.training AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE x._of_which IS NULL OR s.scope = x.unit
    GROUP BY s.scope, x.partition, x.period
),
quarters AS (
    SELECT
        unit,
        CAST(substr(period, 1, 4) AS BIGINT) AS "year",
        substr(period, 6, 2) AS quarter,
        COALESCE(MAX(startup_loans) FILTER (WHERE own), MAX(startup_loans)) AS startup_loans,
        COALESCE(MAX(talent_enterprises) FILTER (WHERE own), MAX(talent_enterprises)) AS talent_enterprises,
        COALESCE(MAX(trainees_msme) FILTER (WHERE own), MAX(trainees_msme)) AS trainees_msme,
        COALESCE(MAX(insured_employees) FILTER (WHERE own), MAX(insured_employees)) AS insured_employees
    FROM sums
    GROUP BY unit, period
)
SELECT
    unit,
    "year",
    CASE WHEN COUNT(startup_loans) = 4 THEN SUM(startup_loans) END AS startup_loans,
    CASE WHEN COUNT(talent_enterprises) = 4 THEN SUM(talent_enterprises) END AS talent_enterprises,
    CASE WHEN COUNT(trainees_msme) = 4 THEN SUM(trainees_msme) END AS trainees_msme,
    COALESCE(
        MAX(insured_employees) FILTER (WHERE quarter = 'Q4'),
        MAX(insured_employees) FILTER (WHERE quarter = 'Q3'),
        MAX(insured_employees) FILTER (WHERE quarter = 'Q2'),
        MAX(insured_employees) FILTER (WHERE quarter = 'Q1')
    ) AS insured_employees
FROM quarters
GROUP BY unit, "year"
