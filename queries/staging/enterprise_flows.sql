-- Enterprises founded and struck off in each year, and what became of those founded three years before, from the copy of
-- the register that serves the year's end; struck off ones are in it.
-- grain: unit, year
SELECT
    e.unit,
    d."year",
    d.reconstructed,
    COALESCE(SUM(e.enterprises) FILTER (WHERE e.established = d."year"), 0) AS founded,
    COALESCE(SUM(e.enterprises) FILTER (WHERE e.ended = d."year"), 0) AS ended,
    COALESCE(SUM(e.enterprises) FILTER (WHERE e.established = d."year" - 3), 0) AS cohort,
    COALESCE(
        SUM(e.enterprises) FILTER (
            WHERE e.established = d."year" - 3
            AND (e.status = 'active' OR (d.reconstructed AND e.status = 'cancelled' AND e.ended > d."year"))
        ),
        0
    ) AS cohort_living
FROM staging.register_days AS d
JOIN staging.enterprise_scopes AS e ON e.snapshot = d.snapshot
GROUP BY e.unit, d."year", d.reconstructed
