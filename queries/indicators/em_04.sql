-- em_04 要素保障满意度 (Satisfaction: production factors)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    factor_answers AS answers,
    factor_sum AS answer_sum,
    factor_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
