-- Of which assessed units a delivery that came speaks: a unit without rows has none there. A delivery by the
-- ranked partition says nothing of zones.
-- grain: contract, period, unit
SELECT DISTINCT d.contract, d.period, d."year", a.unit
FROM staging.delivered AS d
JOIN reference.delivered AS p ON p.contract = d.contract AND p.serves = d.period AND p.in_edition
JOIN reference.deliveries AS f ON f.number = p.number
JOIN reference.memberships AS m ON m.partition = f.partition
JOIN staging.assessed AS a ON a.unit = m.unit OR a.unit = m.counts_as
