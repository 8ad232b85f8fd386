-- Strata with more accepted responses than enterprises in the frame.
-- grain: unit, period, subject
SELECT
    s.unit,
    s.period,
    s.industry AS subject,
    CAST(s.responses AS DECIMAL(38, 8)) AS found,
    CAST(s.frame AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.survey_strata AS s
WHERE s.responses > s.frame
