-- Values that moved from one year to the next by more than half of the plausible range, both of them stable.
-- `expected` is the value of the year before.
-- grain: unit, period, subject
SELECT
    v.unit,
    v.period,
    v.indicator AS subject,
    CAST(v.value AS DECIMAL(38, 8)) AS found,
    CAST(b.value AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM overview.indicators AS v
JOIN overview.indicators AS b
    ON b.indicator = v.indicator AND b.unit = v.unit
    AND CAST(b.period AS BIGINT) = CAST(v.period AS BIGINT) - 1
JOIN reference.indicators AS i ON i.id = v.indicator
WHERE
    v.status <> 'unstable' AND b.status <> 'unstable'
    AND 2 * abs(v.value - b.value) > i.plausible_high - i.plausible_low
