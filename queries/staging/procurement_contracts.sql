-- Procurement contracts by the unit of the buyer and the year of signing: amounts and numbers by what the
-- suppliers say of their size (self-declared, as sent), by method of award, and prepayments. Contracts
-- without a value that could be read count nowhere; framework agreements with the value 0 are contracts that
-- add nothing. A unit that the list of a year covers, but no row tells of, has 0.
-- grain: unit, year
WITH signed AS (
    SELECT
        s.scope AS unit,
        y."year",
        x.amount,
        x.prepay_ratio,
        x.supplier_size IN ('large', 'medium', 'small', 'micro') AS is_enterprise,
        x.supplier_size IN ('medium', 'small', 'micro') AS is_sme,
        x.supplier_size IN ('small', 'micro') AS is_small,
        x.method NOT IN ('mall', 'framework') AS is_awarded,
        x.method IN ('open_tender', 'invited', 'negotiation', 'consultation', 'inquiry') AS is_competitive
    FROM extracts.procurement AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    JOIN staging.delivered AS y
        ON y.contract = 'procurement' AND y.period = CAST(extract(YEAR FROM x.signed_on) AS VARCHAR)
    WHERE x._of_which IS NULL OR s.scope = x.unit
),
sums AS (
    SELECT
        unit,
        "year",
        COUNT(amount) FILTER (WHERE is_enterprise) AS enterprise_contracts,
        COUNT(amount) FILTER (WHERE is_sme) AS sme_contracts,
        COUNT(amount) FILTER (WHERE is_sme AND prepay_ratio IS NOT NULL) AS prepay_contracts,
        COUNT(amount) FILTER (WHERE is_awarded) AS awarded_contracts,
        SUM(amount) FILTER (WHERE is_enterprise) AS enterprise_amount,
        SUM(amount) FILTER (WHERE is_sme) AS sme_amount,
        SUM(amount) FILTER (WHERE is_small) AS small_amount,
        SUM(amount) FILTER (WHERE is_sme AND prepay_ratio IS NOT NULL) AS prepay_amount,
        SUM(prepay_ratio * amount) FILTER (WHERE is_sme) AS prepaid,
        SUM(amount) FILTER (WHERE is_awarded) AS awarded_amount,
        SUM(amount) FILTER (WHERE is_competitive) AS competitive_amount
    FROM signed
    GROUP BY unit, "year"
),
told AS (
    SELECT unit, "year"
    FROM staging.delivered_scopes
    WHERE contract = 'procurement'
    UNION
    SELECT unit, "year"
    FROM sums
)
SELECT
    t.unit,
    t."year",
    COALESCE(s.enterprise_contracts, 0) AS enterprise_contracts,
    COALESCE(s.sme_contracts, 0) AS sme_contracts,
    COALESCE(s.prepay_contracts, 0) AS prepay_contracts,
    COALESCE(s.awarded_contracts, 0) AS awarded_contracts,
    COALESCE(s.enterprise_amount, 0) AS enterprise_amount,
    COALESCE(s.sme_amount, 0) AS sme_amount,
    COALESCE(s.small_amount, 0) AS small_amount,
    COALESCE(s.prepay_amount, 0) AS prepay_amount,
    COALESCE(s.prepaid, 0) AS prepaid,
    COALESCE(s.awarded_amount, 0) AS awarded_amount,
    COALESCE(s.competitive_amount, 0) AS competitive_amount
FROM told AS t
LEFT JOIN sums AS s ON s.unit = t.unit AND s."year" = t."year"
