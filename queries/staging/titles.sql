-- Enterprises with a title at the end of each year: those whose title was valid, and those ever granted it by
-- then. A unit and title without any holder has no row.
-- grain: unit, year, title
SELECT
    unit,
    "year",
    title,
    COUNT(*) FILTER (WHERE is_valid) AS valid,
    COUNT(*) AS ever,
    bool_or(reconstructed) AS reconstructed
FROM staging.title_holders
GROUP BY unit, "year", title
