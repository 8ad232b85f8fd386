-- 每个来源的工作表行数与去向
SELECT
    CAST(s.source_number AS VARCHAR) AS source_label,
    a.sheet_rows,
    sum(CASE WHEN a.kind = 'kept' THEN a.rows ELSE 0 END) AS kept,
    sum(CASE WHEN a.kind = 'rejected' THEN a.rows ELSE 0 END) AS rejected,
    sum(CASE WHEN a.kind = 'superseded' THEN a.rows ELSE 0 END) AS superseded,
    sum(CASE WHEN a.kind = 'duplicate' THEN a.rows ELSE 0 END) AS duplicate,
    sum(CASE WHEN a.kind = 'title' THEN a.rows ELSE 0 END) AS title,
    sum(CASE WHEN a.kind = 'unit' THEN a.rows ELSE 0 END) AS unit,
    sum(CASE WHEN a.kind = 'header' THEN a.rows ELSE 0 END) AS header,
    sum(CASE WHEN a.kind = 'section' THEN a.rows ELSE 0 END) AS section,
    sum(CASE WHEN a.kind = 'out_of_scope' THEN a.rows ELSE 0 END) AS out_of_scope,
    sum(CASE WHEN a.kind = 'total' THEN a.rows ELSE 0 END) AS total,
    sum(CASE WHEN a.kind = 'subtotal' THEN a.rows ELSE 0 END) AS subtotal,
    sum(CASE WHEN a.kind = 'mean' THEN a.rows ELSE 0 END) AS mean,
    sum(CASE WHEN a.kind = 'other_of_which' THEN a.rows ELSE 0 END) AS other_of_which,
    sum(CASE WHEN a.kind = 'note' THEN a.rows ELSE 0 END) AS note,
    sum(CASE WHEN a.kind = 'blank' THEN a.rows ELSE 0 END) AS blank,
    sum(CASE WHEN a.kind = 'hidden' THEN a.rows ELSE 0 END) AS hidden
FROM ingest.accounting AS a
JOIN staging.sources AS s ON s.source = a.source
WHERE a.counted = 'rows'
GROUP BY s.source_number, a.sheet_rows
ORDER BY s.source_number
