-- Year-to-date figures lower than one before them in the same year. `expected` is the highest before.
-- grain: row
WITH figures AS (
    SELECT
        concat('sme_loan.first_borrowers_ytd ', x.bank_group) AS subject,
        x.unit,
        x.period,
        CAST(x.first_borrowers_ytd AS DECIMAL(38, 8)) AS amount,
        x._origin
    FROM extracts.sme_loan AS x
    WHERE x.first_borrowers_ytd IS NOT NULL
    UNION ALL
    SELECT
        concat('sme_loan.first_amount_ytd ', x.bank_group) AS subject,
        x.unit,
        x.period,
        CAST(x.first_amount_ytd AS DECIMAL(38, 8)) AS amount,
        x._origin
    FROM extracts.sme_loan AS x
    WHERE x.first_amount_ytd IS NOT NULL
    UNION ALL
    SELECT
        'trade_promotion.sme_exporters' AS subject,
        x.unit,
        x.period,
        CAST(x.sme_exporters AS DECIMAL(38, 8)) AS amount,
        x._origin
    FROM extracts.trade_promotion AS x
    WHERE x.sme_exporters IS NOT NULL
)
SELECT
    f.unit,
    f.period,
    f.subject,
    f.amount AS found,
    MAX(b.amount) AS expected,
    f._origin AS origin
FROM figures AS f
JOIN figures AS b
    ON b.subject = f.subject AND b.unit = f.unit
    AND substr(b.period, 1, 4) = substr(f.period, 1, 4) AND b.period < f.period
GROUP BY f.unit, f.period, f.subject, f.amount, f._origin
HAVING MAX(b.amount) > f.amount
