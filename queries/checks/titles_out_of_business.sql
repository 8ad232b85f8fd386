-- Titles valid at the year's end, held by enterprises that the copy of the register of that day has as struck
-- off or revoked. Years without their own copy are left out.
-- grain: unit, period, subject
SELECT
    h.unit,
    CAST(h."year" AS VARCHAR) AS period,
    h.title AS subject,
    CAST(COUNT(*) AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.title_holders AS h
JOIN staging.register_days AS d ON d."year" = h."year" AND NOT d.reconstructed
JOIN staging.named_enterprises AS e ON e.uscc = h.holder AND e.snapshot = d.snapshot
WHERE h.is_valid AND e.status <> 'active'
GROUP BY h.unit, h."year", h.title
