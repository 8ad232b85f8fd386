-- Enterprises that have something, against all in business at the year's end: borrowers, holders of a title,
-- enterprises paid, guaranteed, exporting, listed above designated size.
-- grain: unit, period, subject
WITH counted AS (
    SELECT unit, "year", 'sme_borrowers' AS subject, CAST(sme_borrowers AS DECIMAL(38, 8)) AS enterprises
    FROM staging.small_loans
    UNION ALL
    SELECT unit, "year", title AS subject, CAST(valid AS DECIMAL(38, 8)) AS enterprises
    FROM staging.titles
    UNION ALL
    SELECT v.unit, CAST(v.period AS BIGINT) AS "year", v.indicator AS subject, v.numerator AS enterprises
    FROM overview.indicators AS v
    WHERE v.indicator IN ('p4_06', 'p5_08', 'p3_05')
    UNION ALL
    SELECT unit, "year", 'above_scale' AS subject, CAST(industry AS DECIMAL(38, 8)) AS enterprises
    FROM staging.above_scale
)
SELECT
    c.unit,
    CAST(c."year" AS VARCHAR) AS period,
    c.subject,
    CAST(c.enterprises AS DECIMAL(38, 8)) AS found,
    CAST(s.enterprises AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM counted AS c
JOIN staging.enterprise_stocks AS s ON s.unit = c.unit AND s."year" = c."year"
WHERE c.enterprises > s.enterprises
