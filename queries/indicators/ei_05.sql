-- ei_05 创新支持满意度 (Satisfaction: innovation support)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    innov_answers AS answers,
    innov_sum AS answer_sum,
    innov_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
