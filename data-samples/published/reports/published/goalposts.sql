-- 零分值、满分值与权重
SELECT
    i.name_zh,
    i.display_unit,
    i.decimals,
    p.worst,
    p.best,
    p.weight,
    p.basis_zh
FROM reference.placements AS p
JOIN reference.indicators AS i ON i.id = p.indicator
WHERE p.framework = 'air'
ORDER BY i.id
