-- Enterprises in business at the end of each year, and companies among them. Of a past year without its own copy of the
-- register: those founded by then that are in business in the later copy, or were struck off after that year; unit,
-- legal form and revocations are those of the later copy. A unit of which the copy has rows, but nobody in business, has 0.
-- grain: unit, year
WITH judged AS (
    SELECT
        e.unit,
        d."year",
        d.snapshot,
        d.reconstructed,
        c.is_company,
        e.enterprises,
        CASE
            WHEN NOT d.reconstructed THEN e.status = 'active'
            ELSE
                e.established <= d."year"
                AND (e.status = 'active' OR (e.status = 'cancelled' AND e.ended > d."year"))
        END AS is_living
    FROM staging.register_days AS d
    JOIN staging.enterprise_scopes AS e ON e.snapshot = d.snapshot
    JOIN staging.company_types AS c ON c.company_type = e.company_type
)
SELECT
    unit,
    "year",
    snapshot,
    reconstructed,
    COALESCE(SUM(enterprises) FILTER (WHERE is_living), 0) AS enterprises,
    COALESCE(SUM(enterprises) FILTER (WHERE is_living AND is_company), 0) AS companies
FROM judged
GROUP BY unit, "year", snapshot, reconstructed
