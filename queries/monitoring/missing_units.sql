-- Units of the partition without any row, where the contract has rows of that period and partition. In contracts of events
-- (cases, contracts, titles) a unit may rightly have none.
-- grain: contract, period, partition, unit
WITH delivered AS (
    SELECT DISTINCT contract, period, partition FROM monitoring.units
)
SELECT
    d.contract,
    c.department,
    d.period,
    d.partition,
    m.unit,
    u.name_zh AS unit_zh
FROM delivered AS d
JOIN reference.contracts AS c ON c.id = d.contract
JOIN reference.memberships AS m ON m.partition = d.partition
JOIN reference.units AS u ON u.id = m.unit
LEFT JOIN monitoring.units AS s
    ON s.contract = d.contract AND s.period = d.period AND s.partition = d.partition AND s.unit = m.unit
WHERE s.unit IS NULL
