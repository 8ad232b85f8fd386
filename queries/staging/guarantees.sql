-- Government guarantees of small and micro enterprises by unit and year: those begun in the year, and
-- enterprises with one in force at its end. The county is the row's; the zone is where the register has the
-- enterprise, so that a row without code is in no zone. In force is told by dates from every row that stands:
-- of a contract sent again only the later row does, so a past year may rest on rows sent after it, as it does
-- where only later lists came (`reconstructed`; what began in such a year is not known). None where a list
-- came and names none.
-- grain: unit, year
WITH served AS (
    SELECT a.unit, a.period, a."year", a.first_day, a.last_day, MIN(d."year") > a."year" AS is_rebuilt
    FROM staging.assessed AS a
    JOIN staging.delivered AS d ON d.contract = 'guarantee' AND d."year" >= a."year"
    GROUP BY a.unit, a.period, a."year", a.first_day, a.last_day
),
zones AS (
    SELECT e.uscc, d."year", MIN(e.zone) AS zone
    FROM staging.named_enterprises AS e
    JOIN staging.register_days AS d ON d.snapshot = e.snapshot
    WHERE e.zone IS NOT NULL
    GROUP BY e.uscc, d."year"
),
guaranteed AS (
    SELECT
        y.unit AS county,
        y."year",
        x.uscc,
        CASE WHEN x.fee_rate IS NOT NULL THEN x.amount END AS amount,
        x.fee_rate * x.amount AS fees,
        x.start_on >= y.first_day AS is_begun,
        x.end_on > y.last_day AS is_in_force,
        x.period > y.period AS is_later
    FROM extracts.guarantee AS x
    JOIN reference.memberships AS m ON m.partition = x.partition AND m.unit = x.unit
    JOIN served AS y ON y.unit = m.counts_as AND x.start_on <= y.last_day
    WHERE x._of_which IS NULL AND x.size_class IN ('small', 'micro')
),
placed AS (
    SELECT county AS unit, "year", uscc, amount, fees, is_begun, is_in_force, is_later
    FROM guaranteed
    UNION ALL
    SELECT z.zone AS unit, g."year", g.uscc, g.amount, g.fees, g.is_begun, g.is_in_force, g.is_later
    FROM guaranteed AS g
    JOIN zones AS z ON z.uscc = g.uscc AND z."year" = g."year"
),
counted AS (
    SELECT
        unit,
        "year",
        COUNT(amount) FILTER (WHERE is_begun) AS contracts,
        SUM(amount) FILTER (WHERE is_begun) AS amount,
        SUM(fees) FILTER (WHERE is_begun) AS fees,
        COUNT(DISTINCT uscc) FILTER (WHERE is_in_force) AS enterprises,
        COUNT(uscc) FILTER (WHERE is_in_force AND is_later) > 0 AS is_restated
    FROM placed
    GROUP BY unit, "year"
)
SELECT
    s.unit,
    s."year",
    CASE WHEN NOT s.is_rebuilt THEN COALESCE(c.contracts, 0) END AS contracts,
    CASE WHEN NOT s.is_rebuilt THEN COALESCE(c.amount, 0) END AS amount,
    CASE WHEN NOT s.is_rebuilt THEN COALESCE(c.fees, 0) END AS fees,
    COALESCE(c.enterprises, 0) AS enterprises,
    s.is_rebuilt OR COALESCE(c.is_restated, FALSE) AS reconstructed
FROM served AS s
LEFT JOIN counted AS c ON c.unit = s.unit AND c."year" = s."year"
