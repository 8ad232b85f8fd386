-- Counts of one department that are parts of another's: enterprises founded by talent and start-ups within
-- those founded, upgraded and clustered ones within those listed, insured employees and trainees within
-- residents.
-- grain: unit, period, subject
WITH compared AS (
    SELECT
        t.unit,
        t."year",
        'talent_enterprises / founded' AS subject,
        CAST(t.talent_enterprises AS DECIMAL(38, 8)) AS part,
        CAST(f.founded AS DECIMAL(38, 8)) AS whole
    FROM staging.training AS t
    JOIN staging.enterprise_flows AS f ON f.unit = t.unit AND f."year" = t."year"
    UNION ALL
    SELECT
        t.unit,
        t."year",
        'insured_employees / population' AS subject,
        CAST(t.insured_employees AS DECIMAL(38, 8)) AS part,
        CAST(b.population AS DECIMAL(38, 8)) AS whole
    FROM staging.training AS t
    JOIN staging.county_base AS b ON b.unit = t.unit AND b."year" = t."year"
    UNION ALL
    SELECT
        t.unit,
        t."year",
        'trainees_msme / insured_employees' AS subject,
        CAST(t.trainees_msme AS DECIMAL(38, 8)) AS part,
        CAST(t.insured_employees AS DECIMAL(38, 8)) AS whole
    FROM staging.training AS t
    UNION ALL
    SELECT
        j.unit,
        j."year",
        'certified_enterprises / enterprises' AS subject,
        CAST(j.certified_enterprises AS DECIMAL(38, 8)) AS part,
        CAST(s.enterprises AS DECIMAL(38, 8)) AS whole
    FROM staging.joint_sheets AS j
    JOIN staging.enterprise_stocks AS s ON s.unit = j.unit AND s."year" = j."year"
)
SELECT
    unit,
    CAST("year" AS VARCHAR) AS period,
    subject,
    CAST(part AS DECIMAL(38, 8)) AS found,
    CAST(whole AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM compared
WHERE part > whole
