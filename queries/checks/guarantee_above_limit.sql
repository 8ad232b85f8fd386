-- Guarantees of small and micro enterprises above the amount the plan names for the business it supports.
-- grain: row
SELECT
    x.unit,
    substr(x.period, 1, 4) AS period,
    x.size_class AS subject,
    CAST(x.amount AS DECIMAL(38, 8)) AS found,
    CAST(10000000 AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.guarantee AS x
WHERE x.size_class IN ('small', 'micro') AND x.amount > 10000000
