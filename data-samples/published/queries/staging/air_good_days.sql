-- Share of days with good air, one row a unit and month.
-- The bulletin prints last year's month beside this year's: two periods from one row.
-- grain: unit, period    unit of measure: fraction
SELECT
    unit,
    period,
    good_air_rate
FROM extracts.air_good_days
WHERE _of_which IS NULL
UNION ALL
SELECT
    unit,
    CAST(CAST(substr(period, 1, 4) AS BIGINT) - 1 AS VARCHAR) || substr(period, 5) AS period,
    last_year_good_air_rate AS good_air_rate
FROM extracts.air_good_days
WHERE _of_which IS NULL
