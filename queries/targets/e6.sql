-- e6 重点行业展会覆盖 (Trade-fair coverage of key industries)
-- key industries with a fair of key industries, as last reported in the year
-- grain: reading, unit, year
SELECT
    target,
    'single' AS reading,
    unit,
    "year",
    CAST(value AS DECIMAL(38, 8)) AS amount,
    CAST(base AS DECIMAL(38, 8)) AS whole
FROM targets.reported
WHERE target = 'e6'
