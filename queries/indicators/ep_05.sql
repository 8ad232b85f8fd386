-- ep_05 政策落实满意度 (Satisfaction: policy)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    policy_answers AS answers,
    policy_sum AS answer_sum,
    policy_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
