-- ef_06 融资满意度 (Satisfaction: financing)
-- 25 × (m − 1), m the weighted mean of the answers 1 to 5; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    fin_sat_answers AS answers,
    fin_sat_sum AS answer_sum,
    fin_sat_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
