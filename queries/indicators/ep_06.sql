-- ep_06 企业发展预期 (Business expectation)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    expect_answers AS answers,
    expect_sum AS answer_sum,
    expect_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
