-- ef_05 融资需求满足率 (Financing need met)
-- 100 × weighted share of full among full, part and none; here only what it is made of, by stratum
SELECT
    unit,
    period,
    industry,
    CAST(NULL AS VARCHAR) AS size_class,
    frame,
    responses,
    fin_need_answers AS answers,
    fin_need_sum AS answer_sum,
    fin_need_squares AS answer_squares,
    reconstructed
FROM staging.survey_strata
