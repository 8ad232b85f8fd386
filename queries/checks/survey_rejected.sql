-- Percent of a year's responses that were not accepted, where it is more than 5 (a proposal).
-- grain: unit, period
WITH sent AS (
    SELECT c.scope AS unit, x.period, COUNT(*) AS responses
    FROM extracts.survey AS x
    JOIN staging.scopes AS c ON c.partition = x.partition AND c.unit = x.unit
    WHERE x._of_which IS NULL OR c.scope = x.unit
    GROUP BY c.scope, x.period
),
accepted AS (
    SELECT unit, period, COUNT(*) AS responses
    FROM staging.survey_responses
    GROUP BY unit, period
)
SELECT
    s.unit,
    s.period,
    'responses' AS subject,
    CAST(
        CAST(100 * (s.responses - COALESCE(a.responses, 0)) AS DOUBLE)
        / CAST(NULLIF(s.responses, 0) AS DOUBLE)
        AS DECIMAL(38, 8)
    ) AS found,
    CAST(5 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM sent AS s
LEFT JOIN accepted AS a ON a.unit = s.unit AND a.period = s.period
WHERE 100 * (s.responses - COALESCE(a.responses, 0)) > 5 * s.responses
