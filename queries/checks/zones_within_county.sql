-- What indicators of a zone divide by, against that of the county it lies in. Numerators may be changes and
-- are left out.
-- grain: unit, period, subject
SELECT
    z.unit,
    z.period,
    z.indicator AS subject,
    CAST(z.denominator AS DECIMAL(38, 8)) AS found,
    CAST(c.denominator AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM overview.indicators AS z
JOIN reference.units AS u ON u.id = z.unit AND u.kind = 'zone'
JOIN overview.indicators AS c ON c.indicator = z.indicator AND c.period = z.period AND c.unit = u.parent
WHERE z.denominator > c.denominator
