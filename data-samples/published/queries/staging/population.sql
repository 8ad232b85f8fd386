-- Population at year end. Counties only: a zone (`_of_which`) is a part of its county.
-- grain: unit, period    unit of measure: 人, fraction
SELECT
    unit,
    period,
    resident_population,
    urban_share
FROM extracts.population
WHERE _of_which IS NULL
