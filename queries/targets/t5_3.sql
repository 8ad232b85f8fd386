-- t5.3 中小微企业权益保护救济机制常态化建立 (Standing rights-relief mechanism)
-- 1 if the last report of the year says done, else 0
-- grain: reading, unit, year
SELECT
    target,
    'single' AS reading,
    unit,
    "year",
    CAST(CASE WHEN status = 'done' THEN 1 WHEN status IS NOT NULL THEN 0 END AS DECIMAL(38, 8)) AS amount,
    CAST(NULL AS DECIMAL(38, 8)) AS whole
FROM targets.reported
WHERE target = 't5.3'
