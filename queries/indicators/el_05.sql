-- el_05 法治满意度 (Satisfaction: rule of law)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    law_answers AS answers,
    law_sum AS answer_sum,
    law_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
