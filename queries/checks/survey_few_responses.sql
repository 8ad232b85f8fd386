-- Units with fewer than 100 accepted responses in a year for which the survey came.
-- grain: unit, period
SELECT
    s.unit,
    s.period,
    'responses' AS subject,
    CAST(SUM(s.responses) AS DECIMAL(38, 8)) AS found,
    CAST(100 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.survey_strata AS s
GROUP BY s.unit, s.period
HAVING SUM(s.responses) < 100
