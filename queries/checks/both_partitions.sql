-- Counties of which both partitions sent rows of a contract for the same period. Lists then count an enterprise
-- or a case twice; of figures one partition is taken, or none. Found are the rows of the other partition, with
-- a zone's and a remainder's; none is expected beside those of the ranked one.
-- grain: unit, period, subject
WITH counted AS (
    SELECT
        u.contract,
        u.period,
        m.counts_as AS county,
        SUM(CASE WHEN p.ranked = 'yes' THEN u."rows" END) AS ranked,
        SUM(CASE WHEN p.ranked = 'no' THEN u."rows" END) AS others
    FROM monitoring.units AS u
    JOIN reference.partitions AS p ON p.id = u.partition
    JOIN reference.memberships AS m ON m.partition = u.partition AND m.unit = u.unit
    GROUP BY u.contract, u.period, m.counts_as
)
SELECT
    county AS unit,
    period,
    contract AS subject,
    CAST(others AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM counted
WHERE ranked > 0 AND others > 0
