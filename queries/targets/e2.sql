-- e2 政府性融资担保平均费率 (Average fee rate of government guarantee institutions)
-- fees of amounts, guarantees of small and micro enterprises started in the year
-- grain: reading, unit, year
SELECT
    'e2' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(COALESCE(g.fees, 0) AS DECIMAL(38, 8)) AS amount,
    CAST(COALESCE(g.amount, 0) AS DECIMAL(38, 8)) AS whole
FROM staging.assessed AS a
JOIN staging.delivered AS d ON d.contract = 'guarantee' AND d."year" = a."year"
LEFT JOIN staging.guarantees AS g ON g.unit = a.unit AND g."year" = a."year"
WHERE a.kind = 'county'
