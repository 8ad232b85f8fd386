-- Where a period was sent by both partitions: a county with its zone in it against the sum of its parts.
-- grain: unit, period, subject
WITH figures AS (
    SELECT
        'county_base.population' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.population AS DECIMAL(38, 8)) AS amount
    FROM extracts.county_base AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'county_base.gdp' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.gdp AS DECIMAL(38, 8)) AS amount
    FROM extracts.county_base AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'fiscal_fund.sme_fund_spent' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.sme_fund_spent AS DECIMAL(38, 8)) AS amount
    FROM extracts.fiscal_fund AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'fiscal_fund.fund_invest_total' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.fund_invest_total AS DECIMAL(38, 8)) AS amount
    FROM extracts.fiscal_fund AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'fiscal_fund.fund_invest_msme' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.fund_invest_msme AS DECIMAL(38, 8)) AS amount
    FROM extracts.fiscal_fund AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'fiscal_fund.relief_msme' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.relief_msme AS DECIMAL(38, 8)) AS amount
    FROM extracts.fiscal_fund AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'joint_sheet.key_towns' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.key_towns AS DECIMAL(38, 8)) AS amount
    FROM extracts.joint_sheet AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'joint_sheet.grids' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.grids AS DECIMAL(38, 8)) AS amount
    FROM extracts.joint_sheet AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'joint_sheet.voucher_issued' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.voucher_issued AS DECIMAL(38, 8)) AS amount
    FROM extracts.joint_sheet AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'joint_sheet.voucher_used' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.voucher_used AS DECIMAL(38, 8)) AS amount
    FROM extracts.joint_sheet AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'training.startup_loans' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.startup_loans AS DECIMAL(38, 8)) AS amount
    FROM extracts.training AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'training.trainees_msme' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.trainees_msme AS DECIMAL(38, 8)) AS amount
    FROM extracts.training AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'training.insured_employees' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.insured_employees AS DECIMAL(38, 8)) AS amount
    FROM extracts.training AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'trade_promotion.sme_exporters' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.sme_exporters AS DECIMAL(38, 8)) AS amount
    FROM extracts.trade_promotion AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'trade_promotion.export_value' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.export_value AS DECIMAL(38, 8)) AS amount
    FROM extracts.trade_promotion AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
    UNION ALL
    SELECT
        'trade_promotion.matching_amount' AS subject,
        x.period,
        x.partition,
        m.counts_as AS county,
        CAST(x.matching_amount AS DECIMAL(38, 8)) AS amount
    FROM extracts.trade_promotion AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    WHERE x._of_which IS NULL
),
sums AS (
    SELECT
        f.subject,
        f.period,
        f.county,
        SUM(f.amount) FILTER (WHERE f.partition = 'p12') AS whole,
        SUM(f.amount) FILTER (WHERE f.partition = 'p14') AS of_parts,
        COUNT(f.amount) FILTER (WHERE f.partition = 'p14') AS parts
    FROM figures AS f
    GROUP BY f.subject, f.period, f.county
)
SELECT
    s.county AS unit,
    s.period,
    s.subject,
    CAST(s.of_parts AS DECIMAL(38, 8)) AS found,
    CAST(s.whole AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM sums AS s
JOIN staging.scopes AS c ON c.partition = 'p14' AND c.scope = s.county AND c.unit = s.county
WHERE s.parts = c.parts AND s.whole <> s.of_parts
UNION ALL
SELECT
    s.county AS unit,
    s.period,
    s.subject,
    CAST(s.of_parts AS DECIMAL(38, 8)) AS found,
    CAST(s.whole AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM sums AS s
JOIN reference.units AS z ON z.kind = 'remainder' AND z.parent = s.county
JOIN staging.scopes AS c ON c.partition = 'p14' AND c.scope = s.county AND c.unit = z.id
WHERE s.parts = c.parts AND s.whole <> s.of_parts
