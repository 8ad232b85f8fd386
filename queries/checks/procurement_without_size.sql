-- Percent of the year's contracts without a size of the supplier, where it is more than 2 (a proposal).
-- grain: unit, period
WITH counted AS (
    SELECT
        x.unit,
        substr(x.period, 1, 4) AS period,
        COUNT(*) AS contracts,
        COUNT(*) FILTER (WHERE x.supplier_size = 'unknown' OR x.supplier_size IS NULL) AS unknown
    FROM extracts.procurement AS x
    GROUP BY x.unit, substr(x.period, 1, 4)
)
SELECT
    unit,
    period,
    'supplier_size' AS subject,
    CAST(CAST(100 * unknown AS DOUBLE) / CAST(NULLIF(contracts, 0) AS DOUBLE) AS DECIMAL(38, 8)) AS found,
    CAST(2 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM counted
WHERE 100 * unknown > 2 * contracts
