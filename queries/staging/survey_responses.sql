-- Responses of the survey that are accepted, by assessed unit, with their answers as numbers: 1 to 5, or 1
-- and 0 for shares; NULL is an answer outside the base (不适用; no need of finance). Not accepted is: answered
-- in under a third of the median time of the year; the same answer to all eight items of satisfaction and
-- expectation; the fourth and later ones of a group sent from one address. Each of the three looks at all
-- responses of the year, so their order does not matter.
-- grain: unit, period, response_id
WITH medians AS (
    SELECT period, median(CAST(seconds AS DOUBLE)) AS seconds
    FROM extracts.survey
    GROUP BY period
),
numbered AS (
    SELECT
        s._origin,
        s.period,
        s.dup_group,
        row_number() OVER (PARTITION BY s.period, s.dup_group ORDER BY s.started_at, s._origin) AS position
    FROM extracts.survey AS s
)
SELECT
    c.scope AS unit,
    s.period,
    s.response_id,
    s.industry_group AS industry,
    TRY_CAST(s.q_factor AS BIGINT) AS factor,
    TRY_CAST(s.q_gov AS BIGINT) AS gov,
    TRY_CAST(s.q_law AS BIGINT) AS law,
    CASE s.q_fin_need WHEN 'full' THEN 1 WHEN 'part' THEN 0 WHEN 'none' THEN 0 END AS fin_need,
    TRY_CAST(s.q_fin_sat AS BIGINT) AS fin_sat,
    TRY_CAST(s.q_innov AS BIGINT) AS innov,
    CASE s.q_aware WHEN 'well' THEN 1 WHEN 'some' THEN 1 WHEN 'no' THEN 0 END AS aware,
    TRY_CAST(s.q_policy AS BIGINT) AS policy,
    TRY_CAST(s.q_expect AS BIGINT) AS expect
FROM extracts.survey AS s
JOIN medians AS m ON m.period = s.period
JOIN numbered AS n ON n.period = s.period AND n._origin = s._origin
JOIN staging.scopes AS c ON c.partition = s.partition AND c.unit = s.unit
WHERE
    (s._of_which IS NULL OR c.scope = s.unit)
    AND CAST(3 * s.seconds AS DOUBLE) >= m.seconds
    AND (s.dup_group IS NULL OR n.position <= 3)
    AND NOT COALESCE(
        s.q_gov = s.q_factor
        AND s.q_fair = s.q_factor
        AND s.q_law = s.q_factor
        AND s.q_fin_sat = s.q_factor
        AND s.q_innov = s.q_factor
        AND s.q_policy = s.q_factor
        AND s.q_expect = s.q_factor,
        FALSE
    )
