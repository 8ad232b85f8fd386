-- The tables that were read, numbered in the order of their deliveries and of their place in the file.
-- grain: source
SELECT
    s.source,
    row_number() OVER (ORDER BY d.number, s.sheet, s."table", s.source) AS source_number,
    s.title AS title_zh,
    s.file,
    s.sheet,
    d.page,
    p.name_full_zh AS publisher_zh,
    d.received_on AS published_on
FROM ingest.sources AS s
JOIN reference.deliveries AS d ON d.file = s.file
JOIN reference.departments AS p ON p.id = d.department
