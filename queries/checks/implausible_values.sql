-- Values of all indicators outside of what is plausible. `expected` is the nearer end of the range. Unstable
-- ones are left out: few cases make odd rates.
-- grain: unit, period, subject
SELECT
    v.unit,
    v.period,
    v.indicator AS subject,
    CAST(v.value AS DECIMAL(38, 8)) AS found,
    CAST(
        CASE WHEN v.value < i.plausible_low THEN i.plausible_low ELSE i.plausible_high END AS DECIMAL(38, 8)
    ) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM overview.indicators AS v
JOIN reference.indicators AS i ON i.id = v.indicator
WHERE v.status <> 'unstable' AND (v.value < i.plausible_low OR v.value > i.plausible_high)
