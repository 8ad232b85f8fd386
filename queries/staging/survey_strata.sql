-- What the responses of the survey add up to by stratum: how many, and of each item how many answers there
-- are, their sum and that of their squares. Strata without a response stand with 0, if the survey of the year
-- was delivered (else NULL); `frame` is NULL where no copy of the register serves the year. Means, weights
-- and errors come later.
-- grain: unit, year, industry
WITH industries AS (
    SELECT DISTINCT industry_group AS industry FROM reference.industry_groups
),
sums AS (
    SELECT
        unit,
        period,
        industry,
        COUNT(*) AS responses,
        COUNT(factor) AS factor_answers,
        SUM(factor) AS factor_sum,
        SUM(factor * factor) AS factor_squares,
        COUNT(gov) AS gov_answers,
        SUM(gov) AS gov_sum,
        SUM(gov * gov) AS gov_squares,
        COUNT(law) AS law_answers,
        SUM(law) AS law_sum,
        SUM(law * law) AS law_squares,
        COUNT(fin_need) AS fin_need_answers,
        SUM(fin_need) AS fin_need_sum,
        SUM(fin_need * fin_need) AS fin_need_squares,
        COUNT(fin_sat) AS fin_sat_answers,
        SUM(fin_sat) AS fin_sat_sum,
        SUM(fin_sat * fin_sat) AS fin_sat_squares,
        COUNT(innov) AS innov_answers,
        SUM(innov) AS innov_sum,
        SUM(innov * innov) AS innov_squares,
        COUNT(aware) AS aware_answers,
        SUM(aware) AS aware_sum,
        SUM(aware * aware) AS aware_squares,
        COUNT(policy) AS policy_answers,
        SUM(policy) AS policy_sum,
        SUM(policy * policy) AS policy_squares,
        COUNT(expect) AS expect_answers,
        SUM(expect) AS expect_sum,
        SUM(expect * expect) AS expect_squares
    FROM staging.survey_responses
    GROUP BY unit, period, industry
)
SELECT
    a.unit,
    a.period,
    i.industry,
    f.enterprises AS frame,
    COALESCE(f.reconstructed, FALSE) AS reconstructed,
    CASE WHEN d.period IS NOT NULL THEN COALESCE(s.responses, 0) END AS responses,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.factor_answers, 0) AS BIGINT) END AS factor_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.factor_sum, 0) AS BIGINT) END AS factor_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.factor_squares, 0) AS BIGINT) END AS factor_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.gov_answers, 0) AS BIGINT) END AS gov_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.gov_sum, 0) AS BIGINT) END AS gov_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.gov_squares, 0) AS BIGINT) END AS gov_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.law_answers, 0) AS BIGINT) END AS law_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.law_sum, 0) AS BIGINT) END AS law_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.law_squares, 0) AS BIGINT) END AS law_squares,
    CASE
        WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.fin_need_answers, 0) AS BIGINT)
    END AS fin_need_answers,
    CASE
        WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.fin_need_sum, 0) AS BIGINT)
    END AS fin_need_sum,
    CASE
        WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.fin_need_squares, 0) AS BIGINT)
    END AS fin_need_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.fin_sat_answers, 0) AS BIGINT) END AS fin_sat_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.fin_sat_sum, 0) AS BIGINT) END AS fin_sat_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.fin_sat_squares, 0) AS BIGINT) END AS fin_sat_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.innov_answers, 0) AS BIGINT) END AS innov_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.innov_sum, 0) AS BIGINT) END AS innov_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.innov_squares, 0) AS BIGINT) END AS innov_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.aware_answers, 0) AS BIGINT) END AS aware_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.aware_sum, 0) AS BIGINT) END AS aware_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.aware_squares, 0) AS BIGINT) END AS aware_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.policy_answers, 0) AS BIGINT) END AS policy_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.policy_sum, 0) AS BIGINT) END AS policy_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.policy_squares, 0) AS BIGINT) END AS policy_squares,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.expect_answers, 0) AS BIGINT) END AS expect_answers,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.expect_sum, 0) AS BIGINT) END AS expect_sum,
    CASE WHEN d.period IS NOT NULL THEN CAST(COALESCE(s.expect_squares, 0) AS BIGINT) END AS expect_squares
FROM staging.assessed AS a
CROSS JOIN industries AS i
LEFT JOIN staging.delivered AS d ON d.contract = 'survey' AND d.period = a.period
LEFT JOIN staging.survey_frame AS f ON f.unit = a.unit AND f."year" = a."year" AND f.industry = i.industry
LEFT JOIN sums AS s ON s.unit = a.unit AND s.period = a.period AND s.industry = i.industry
