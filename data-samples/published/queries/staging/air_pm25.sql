-- Mean concentration of PM2.5, one row a unit and month.
-- The bulletin prints last year's month beside this year's: two periods from one row.
-- grain: unit, period    unit of measure: μg/m3
SELECT
    unit,
    period,
    pm25
FROM extracts.air_pm25
WHERE _of_which IS NULL
UNION ALL
SELECT
    unit,
    CAST(CAST(substr(period, 1, 4) AS BIGINT) - 1 AS VARCHAR) || substr(period, 5) AS period,
    last_year_pm25 AS pm25
FROM extracts.air_pm25
WHERE _of_which IS NULL
