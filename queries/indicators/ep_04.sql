-- ep_04 惠企政策知晓率 (Policy awareness)
-- 100 × weighted share of well and some among all answers; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    aware_answers AS answers,
    aware_sum AS answer_sum,
    aware_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
