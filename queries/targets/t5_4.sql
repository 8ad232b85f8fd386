-- t5.4 中小企业无分歧欠款清偿率 (Undisputed arrears to SMEs repaid)
-- repaid of owed, undisputed claims registered by the year's end
-- grain: reading, unit, year
SELECT
    't5.4' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(r.repaid AS DECIMAL(38, 8)) AS amount,
    CAST(r.owed AS DECIMAL(38, 8)) AS whole
FROM staging.arrears AS r
JOIN staging.assessed AS a ON a.unit = r.unit AND a."year" = r."year" AND a.kind = 'county'
