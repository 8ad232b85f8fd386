-- What the register says of enterprises that other extracts name by code, in each of its copies: the one reading of the
-- register that looks up. A code that stands here is an enterprise; one that does not may be anybody.
-- grain: uscc, snapshot
WITH named AS (
    SELECT uscc FROM extracts.above_scale
    UNION
    SELECT uscc FROM extracts.tech_enterprise
    UNION
    SELECT uscc FROM extracts.policy_payment
    UNION
    SELECT uscc FROM extracts.guarantee
    UNION
    SELECT uscc FROM extracts.enforcement
    UNION
    SELECT uscc FROM extracts.gradient
)
SELECT
    r.uscc,
    CAST(d.last_day AS DATE) AS snapshot,
    r.unit,
    COALESCE(z.id, r.address_zone) AS zone,
    r.industry_code,
    r.status,
    CAST(extract(YEAR FROM r.cancel_date) AS BIGINT) AS ended
FROM extracts.registry AS r
JOIN reference.deliveries AS d ON d.number = r._delivery
LEFT JOIN reference.units AS z ON z.id = r.office_unit AND z.kind = 'zone'
WHERE r.entity_kind = 'enterprise' AND r.uscc IN (SELECT uscc FROM named)
