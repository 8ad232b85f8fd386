-- Borrowers added up over the groups of banks, because December came without the row of all banks: an upper
-- bound of both counts, since a borrower may have several banks. The figure found is what the indicators
-- take; none is expected.
-- grain: unit, period, subject
SELECT
    l.unit,
    CAST(l."year" AS VARCHAR) AS period,
    'sme_borrowers' AS subject,
    CAST(l.sme_borrowers AS DECIMAL(38, 8)) AS found,
    CAST(NULL AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.small_loans AS l
WHERE l.is_added_up AND l.sme_borrowers IS NOT NULL
UNION ALL
SELECT
    l.unit,
    CAST(l."year" AS VARCHAR) AS period,
    'first_borrowers' AS subject,
    CAST(l.first_borrowers AS DECIMAL(38, 8)) AS found,
    CAST(NULL AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.small_loans AS l
WHERE l.is_added_up AND l.first_borrowers IS NOT NULL
