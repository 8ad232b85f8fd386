-- Rows of the city level itself (市本级, 市直): they belong to no county and are refused, so that targets, which are the
-- whole city's, lack them. Found are these rows; none can count.
-- grain: unit, period, subject
SELECT
    u.id AS unit,
    l.period,
    l.contract AS subject,
    CAST(COUNT(*) AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    MIN(l._origin) AS origin
FROM ingest.left_out AS l
JOIN reference.units AS u ON u.kind = 'city'
WHERE l.no_unit = 'residual'
GROUP BY u.id, l.period, l.contract
