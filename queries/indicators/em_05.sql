-- em_05 政务服务满意度 (Satisfaction: government services)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    gov_answers AS answers,
    gov_sum AS answer_sum,
    gov_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
