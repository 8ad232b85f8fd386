-- Payments made before the end of the public notice. `found`: days from notice to payment.
-- grain: row
SELECT
    x.unit,
    substr(x.period, 1, 4) AS period,
    x.policy_item AS subject,
    CAST(x.paid_on - x.notice_end_on AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.policy_payment AS x
WHERE x.paid_on < x.notice_end_on
