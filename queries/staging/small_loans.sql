-- Loans at the end of December by unit and year, in 元. Of the groups of banks the row of all banks is taken;
-- without it the groups are added up (`is_added_up`), which is right for balances and an upper bound for
-- borrowers, who may have several banks. A figure that is blank in a row that is needed is missing. The mean
-- rate comes from the groups, weighted by their balances, and from the row of all banks only where no group
-- tells: `interest` over `rated_loans`.
-- grain: unit, year
WITH december AS (
    SELECT
        s.scope AS unit,
        CAST(substr(x.period, 1, 4) AS BIGINT) AS "year",
        x.bank_group,
        CASE WHEN COUNT(x.total_loans) = MAX(s.parts) THEN SUM(x.total_loans) END AS total_loans,
        CASE WHEN COUNT(x.sme_loans) = MAX(s.parts) THEN SUM(x.sme_loans) END AS sme_loans,
        CASE WHEN COUNT(x.inclusive_loans) = MAX(s.parts) THEN SUM(x.inclusive_loans) END AS inclusive_loans,
        CASE WHEN COUNT(x.sme_borrowers) = MAX(s.parts) THEN SUM(x.sme_borrowers) END AS sme_borrowers,
        CASE
            WHEN COUNT(x.first_borrowers_ytd) = MAX(s.parts) THEN SUM(x.first_borrowers_ytd)
        END AS first_borrowers,
        CASE
            WHEN COUNT(x.first_amount_ytd) = MAX(s.parts) THEN SUM(x.first_amount_ytd)
        END AS first_amount,
        CASE WHEN COUNT(x.credit_loans) = MAX(s.parts) THEN SUM(x.credit_loans) END AS credit_loans,
        CASE WHEN COUNT(x.renewal_loans) = MAX(s.parts) THEN SUM(x.renewal_loans) END AS renewal_loans,
        CASE
            WHEN COUNT(x.avg_rate * x.sme_loans) = MAX(s.parts) THEN SUM(x.avg_rate * x.sme_loans)
        END AS interest
    FROM extracts.sme_loan AS x
    JOIN staging.scopes AS s ON s.partition = x.partition AND s.unit = x.unit
    WHERE (x._of_which IS NULL OR s.scope = x.unit) AND substr(x.period, 5) = '-12'
    GROUP BY s.scope, x.period, x.bank_group
),
sent AS (
    SELECT unit, "year", COUNT(*) FILTER (WHERE bank_group = 'all') = 0 AS is_added_up
    FROM december
    GROUP BY unit, "year"
),
balances AS (
    SELECT
        d.unit,
        d."year",
        t.is_added_up,
        CASE WHEN COUNT(d.total_loans) = COUNT(*) THEN SUM(d.total_loans) END AS total_loans,
        CASE WHEN COUNT(d.sme_loans) = COUNT(*) THEN SUM(d.sme_loans) END AS sme_loans,
        CASE WHEN COUNT(d.inclusive_loans) = COUNT(*) THEN SUM(d.inclusive_loans) END AS inclusive_loans,
        CASE WHEN COUNT(d.sme_borrowers) = COUNT(*) THEN SUM(d.sme_borrowers) END AS sme_borrowers,
        CASE WHEN COUNT(d.first_borrowers) = COUNT(*) THEN SUM(d.first_borrowers) END AS first_borrowers,
        CASE WHEN COUNT(d.first_amount) = COUNT(*) THEN SUM(d.first_amount) END AS first_amount,
        CASE WHEN COUNT(d.credit_loans) = COUNT(*) THEN SUM(d.credit_loans) END AS credit_loans,
        CASE WHEN COUNT(d.renewal_loans) = COUNT(*) THEN SUM(d.renewal_loans) END AS renewal_loans
    FROM december AS d
    JOIN sent AS t ON t.unit = d.unit AND t."year" = d."year"
    WHERE t.is_added_up OR d.bank_group = 'all'
    GROUP BY d.unit, d."year", t.is_added_up
),
rates AS (
    SELECT
        unit,
        "year",
        COALESCE(
            SUM(interest) FILTER (WHERE bank_group <> 'all'),
            SUM(interest) FILTER (WHERE bank_group = 'all')
        ) AS interest,
        COALESCE(
            SUM(sme_loans) FILTER (WHERE bank_group <> 'all' AND interest IS NOT NULL),
            SUM(sme_loans) FILTER (WHERE bank_group = 'all' AND interest IS NOT NULL)
        ) AS rated_loans
    FROM december
    GROUP BY unit, "year"
)
SELECT
    b.unit,
    b."year",
    b.is_added_up,
    b.total_loans,
    b.sme_loans,
    b.inclusive_loans,
    b.sme_borrowers,
    b.first_borrowers,
    b.first_amount,
    b.credit_loans,
    b.renewal_loans,
    r.interest,
    r.rated_loans
FROM balances AS b
JOIN rates AS r ON r.unit = b.unit AND r."year" = b."year"
