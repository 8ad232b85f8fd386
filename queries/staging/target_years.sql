-- Every target in every year of the assessment, with the days gone by since its baseline and those there are
-- until it is due. `time_share` only where a pace can be asked of the target: not of upper limits, shares
-- that are to cover all, figures given as about, and things that exist or do not; nor before the baseline.
-- grain: target, period
WITH days AS (
    SELECT
        t.id AS target,
        t.comparator,
        t.measure,
        CAST(t.value AS DECIMAL(38, 8)) AS target_value,
        p.period,
        CAST(p.period AS BIGINT) AS "year",
        CAST(p.last_day AS DATE) AS last_day,
        CAST(d.baseline_on AS DATE) AS baseline_on,
        CAST(extract(YEAR FROM CAST(d.baseline_on AS DATE)) AS BIGINT) AS baseline_year,
        CAST(p.last_day AS DATE) - CAST(d.baseline_on AS DATE) AS days_done,
        CAST(d.due_on AS DATE) - CAST(d.baseline_on AS DATE) AS days_all
    FROM reference.targets AS t
    JOIN reference.target_dates AS d ON d.target = t.id
    CROSS JOIN reference.periods AS p
    WHERE p.grain = 'year'
)
SELECT
    target,
    comparator,
    measure,
    target_value,
    period,
    "year",
    last_day,
    baseline_on,
    baseline_year,
    days_done,
    days_all,
    CASE
        WHEN comparator IN ('ge', 'gt') AND days_done > 0
            THEN CAST(days_done AS DOUBLE) / CAST(NULLIF(days_all, 0) AS DOUBLE)
    END AS time_share
FROM days
