-- 方格位置图
SELECT
    t.col,
    t.row,
    t.label_zh,
    t.note_zh,
    p.value,
    p.status
FROM reference.tiles AS t
JOIN indicators.pm25 AS p ON p.unit = t.unit AND p.period = '2024-10'
WHERE t.partition = 'p12'
ORDER BY t.row, t.col
