-- Where each target stands at the end of each year of the assessment: one rule for all, by the comparator,
-- the figure asked and the days of reference.targets and reference.target_dates. What counts from the
-- baseline has no row for years that end on it or before. Both parts of shares are in `numerator` and
-- `denominator`, and compared as they are. `progress` is the share done, `time_share` that of the time gone
-- by, `forecast` the figure on the due date if it goes on as since the baseline (quantities only). `progress`
-- of an upper limit is NULL.
-- status: reached, ahead or behind (of the line from the baseline to the target), not_reached (no pace asked,
-- or due), missing
-- reading: as listed in reference.target_readings
-- grain: target, period, reading
WITH measured AS (
    SELECT
        f.target,
        f.reading,
        f.rule,
        f."year",
        f.figure,
        f.baseline_figure,
        f.line_start,
        f.numerator,
        f.denominator,
        CASE WHEN f.rule = 'share' THEN 100 * f.numerator ELSE f.figure END AS done,
        CASE
            WHEN f.rule = 'share' THEN t.target_value * NULLIF(f.denominator, 0)
            ELSE t.target_value
        END AS goal,
        CASE WHEN t.comparator = 'approx' THEN 0.5 * f.denominator ELSE 0 END AS tolerance
    FROM targets.figures AS f
    JOIN staging.target_years AS t ON t.target = f.target AND t."year" = f."year"
    WHERE f.kind = 'city'
)
SELECT
    t.target,
    t.period,
    m.reading,
    m.figure,
    m.baseline_figure,
    t.target_value,
    CASE
        WHEN m.rule = 'part' THEN CAST(m.numerator AS DOUBLE) / CAST(NULLIF(m.denominator, 0) AS DOUBLE)
        WHEN t.comparator <> 'le' THEN CAST(m.done AS DOUBLE) / CAST(NULLIF(m.goal, 0) AS DOUBLE)
    END AS progress,
    t.time_share,
    CASE
        WHEN m.done IS NULL OR m.goal IS NULL THEN 'missing'
        WHEN t.comparator = 'gt' AND m.done > m.goal THEN 'reached'
        WHEN t.comparator = 'le' AND m.done <= m.goal THEN 'reached'
        WHEN t.comparator NOT IN ('gt', 'le') AND m.done >= m.goal - m.tolerance THEN 'reached'
        WHEN t.time_share IS NULL OR t.days_done >= t.days_all THEN 'not_reached'
        WHEN
            (m.done - COALESCE(m.line_start, 0)) * t.days_all >= (m.goal - COALESCE(m.line_start, 0)) * t.days_done
            THEN 'ahead'
        ELSE 'behind'
    END AS status,
    CASE
        WHEN t.time_share IS NOT NULL AND t.days_done < t.days_all
            THEN
                CAST(m.line_start * t.days_done + (m.figure - m.line_start) * t.days_all AS DOUBLE)
                / CAST(t.days_done AS DOUBLE)
    END AS forecast,
    m.numerator,
    m.denominator,
    r.department AS reported_by,
    r.month AS reported_month
FROM measured AS m
JOIN staging.target_years AS t ON t.target = m.target AND t."year" = m."year"
LEFT JOIN targets.reported AS r ON r.target = m.target AND r."year" = m."year"
