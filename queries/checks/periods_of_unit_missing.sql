-- Units without a row in a period of tables that have one row a unit and period.
-- grain: unit, period, subject
SELECT
    m.unit,
    m.period,
    m.contract AS subject,
    CAST(0 AS DECIMAL(38, 8)) AS found,
    CAST(1 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM monitoring.missing_units AS m
WHERE m.contract IN ('county_base', 'fiscal_fund', 'joint_sheet', 'sme_loan', 'trade_promotion', 'training')
