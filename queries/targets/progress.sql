-- Where each target stands at the end of each year of the assessment. What counts from the baseline has no
-- row for years that end on it or before. Both parts of shares are in `numerator` and `denominator`.
-- `progress` is the share done, `time_share` that of the time gone by, `forecast` the figure on the due date
-- if it goes on as since the baseline (quantities only). `progress` of an upper limit is NULL.
-- status: reached, ahead or behind (of the pace), not_reached (no pace asked, or due), missing
-- reading: single; gross, net; ever, valid; one_year, cumulated; classified, with_unclassified
-- grain: target, period, reading
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_1
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_2
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_3
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_4
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_5
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_6
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t1_7
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t2_1
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t3_1
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t3_2
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t3_3
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t3_4
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t4_1
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t4_2
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t4_3
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t4_4
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t4_5
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t5_1
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t5_2
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t5_3
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.t5_4
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.e1
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.e2
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.e3
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.e4
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.e5
UNION ALL
SELECT
    target, period, reading, figure, baseline_figure, target_value, progress, time_share, status, forecast,
    numerator, denominator, reported_by, reported_month
FROM targets.e6
