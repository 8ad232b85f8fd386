-- 方格位置图：苍南方格印的是含龙港的数，龙港方格只作说明
SELECT
    t.col,
    t.row,
    t.label_zh,
    t.note_zh,
    CASE WHEN t.note_zh IS NULL THEN s.value END AS value,
    s.status
FROM reference.tiles AS t
JOIN indicators.rd_spending AS s ON s.unit = t.unit AND s.period = '2017'
WHERE t.partition = 'p11'
ORDER BY t.row, t.col
