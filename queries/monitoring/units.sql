-- How many rows of each unit stand, by contract. Where rows are about units, a zone named as a part of its county is in the
-- county's row; where they are about something else in a zone, they count for its county.
-- Every contract with units has its part here; a new one needs its own.
-- grain: contract, period, partition, unit
WITH standing AS (
    SELECT 'above_scale' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.above_scale
    UNION ALL
    SELECT 'arrears' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.arrears
    UNION ALL
    SELECT 'county_base' AS contract, period, partition, unit
    FROM extracts.county_base
    WHERE _of_which IS NULL
    UNION ALL
    SELECT 'enforcement' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.enforcement
    UNION ALL
    SELECT 'fiscal_fund' AS contract, period, partition, unit
    FROM extracts.fiscal_fund
    WHERE _of_which IS NULL
    UNION ALL
    SELECT 'gradient' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.gradient
    UNION ALL
    SELECT 'guarantee' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.guarantee
    UNION ALL
    SELECT 'joint_sheet' AS contract, period, partition, unit
    FROM extracts.joint_sheet
    WHERE _of_which IS NULL
    UNION ALL
    SELECT 'park' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.park
    UNION ALL
    SELECT 'policy_payment' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.policy_payment
    UNION ALL
    SELECT 'procurement' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.procurement
    UNION ALL
    SELECT 'registry' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.registry
    UNION ALL
    SELECT 'service_case' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.service_case
    UNION ALL
    SELECT 'sme_loan' AS contract, period, partition, unit
    FROM extracts.sme_loan
    WHERE _of_which IS NULL
    UNION ALL
    SELECT 'survey' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.survey
    UNION ALL
    SELECT 'tech_enterprise' AS contract, period, partition, COALESCE(_of_which, unit) AS unit
    FROM extracts.tech_enterprise
    UNION ALL
    SELECT 'trade_promotion' AS contract, period, partition, unit
    FROM extracts.trade_promotion
    WHERE _of_which IS NULL
    UNION ALL
    SELECT 'training' AS contract, period, partition, unit
    FROM extracts.training
    WHERE _of_which IS NULL
)
SELECT contract, period, partition, unit, COUNT(*) AS "rows"
FROM standing
WHERE unit IS NOT NULL
GROUP BY contract, period, partition, unit
