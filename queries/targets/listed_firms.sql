-- Enterprises that went public, with their size: that of the last year with figures before the day, by the
-- standard. Who has none is unclassified. A holder is a code, or a name where the code is missing.
-- grain: holder
WITH listed AS (
    SELECT
        COALESCE(x.uscc, replace(replace(x.name, '（', '('), '）', ')')) AS holder,
        MIN(x.uscc) AS uscc,
        MIN(m.counts_as) AS unit,
        MIN(x.granted_on) AS granted_on
    FROM extracts.gradient AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = COALESCE(x._of_which, x.unit)
    WHERE x.title = 'listed' AND x.granted_on IS NOT NULL
    GROUP BY COALESCE(x.uscc, replace(replace(x.name, '（', '('), '）', ')'))
),
recent AS (
    SELECT l.holder, l.uscc, MAX(c."year") AS "year"
    FROM listed AS l
    JOIN staging.size_classes AS c
        ON c.uscc = l.uscc AND c.basis = 'above_scale'
        AND c."year" < CAST(extract(YEAR FROM l.granted_on) AS BIGINT)
    GROUP BY l.holder, l.uscc
)
SELECT
    l.holder,
    l.unit,
    l.granted_on,
    COALESCE(s.size_class, 'unclassified') AS size_class
FROM listed AS l
LEFT JOIN recent AS r ON r.holder = l.holder
LEFT JOIN staging.size_classes AS s ON s.uscc = r.uscc AND s.basis = 'above_scale' AND s."year" = r."year"
