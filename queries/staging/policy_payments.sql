-- Payments under support policies by unit and year of payment: amounts (returned payments are negative and
-- take off), days from the end of the public notice, and how many different enterprises got something: only
-- codes that stand in the register as enterprises. A payment before the end of its notice is an error: it has
-- no duration (a check counts them). A unit that the list of a year covers, but no row tells of, has 0.
-- grain: unit, year
WITH registered AS (
    SELECT DISTINCT uscc, snapshot
    FROM staging.named_enterprises
),
paid AS (
    SELECT
        s.scope AS unit,
        y."year",
        x.amount,
        x.mode,
        CASE WHEN x.amount > 0 THEN e.uscc END AS enterprise,
        CASE WHEN x.paid_on >= x.notice_end_on THEN x.paid_on - x.notice_end_on END AS days
    FROM extracts.policy_payment AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    JOIN staging.delivered AS y
        ON y.contract = 'policy_payment' AND y.period = CAST(extract(YEAR FROM x.paid_on) AS VARCHAR)
    LEFT JOIN staging.register_days AS d ON d."year" = y."year"
    LEFT JOIN registered AS e ON e.uscc = x.uscc AND e.snapshot = d.snapshot
    WHERE x._of_which IS NULL OR s.scope = x.unit
),
sums AS (
    SELECT
        unit,
        "year",
        COUNT(amount) FILTER (WHERE mode IS NOT NULL) AS payments,
        SUM(amount) FILTER (WHERE mode IS NOT NULL) AS amount,
        SUM(amount) FILTER (WHERE mode = 'claim_free') AS claim_free_amount,
        COUNT(DISTINCT enterprise) AS enterprises,
        COUNT(days) AS timed_payments,
        median(CAST(days AS DOUBLE)) AS median_days
    FROM paid
    GROUP BY unit, "year"
),
told AS (
    SELECT unit, "year"
    FROM staging.delivered_scopes
    WHERE contract = 'policy_payment'
    UNION
    SELECT unit, "year"
    FROM sums
)
SELECT
    t.unit,
    t."year",
    COALESCE(s.payments, 0) AS payments,
    COALESCE(s.amount, 0) AS amount,
    COALESCE(s.claim_free_amount, 0) AS claim_free_amount,
    COALESCE(s.enterprises, 0) AS enterprises,
    COALESCE(s.timed_payments, 0) AS timed_payments,
    s.median_days
FROM told AS t
LEFT JOIN sums AS s ON s.unit = t.unit AND s."year" = t."year"
