-- 来源：读出的每张表，按送达先后
SELECT
    CAST(source_number AS VARCHAR) AS source_label,
    title_zh,
    file,
    sheet,
    page,
    publisher_zh,
    published_on
FROM staging.sources
ORDER BY source_number
