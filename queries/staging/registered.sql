-- The enterprises of each copy of the register, counted by what later queries ask of them: the one reading of the
-- register that counts. Individual businesses, cooperatives and branches are no enterprises. A zone is where its own
-- office registers, else where the address lies.
-- grain: snapshot, unit, zone, status, form, division, established, ended
WITH enterprises AS (
    SELECT
        CAST(d.last_day AS DATE) AS snapshot,
        r.unit,
        COALESCE(z.id, r.address_zone) AS zone,
        r.status,
        COALESCE(r.company_type, '') AS company_type,
        substr(r.industry_code, 1, 2) AS division,
        CAST(extract(YEAR FROM r.est_date) AS BIGINT) AS established,
        CAST(extract(YEAR FROM r.cancel_date) AS BIGINT) AS ended
    FROM extracts.registry AS r
    JOIN reference.deliveries AS d ON d.number = r._delivery
    LEFT JOIN reference.units AS z ON z.id = r.office_unit AND z.kind = 'zone'
    WHERE r.entity_kind = 'enterprise'
)
SELECT
    snapshot,
    unit,
    zone,
    status,
    company_type,
    division,
    established,
    ended,
    COUNT(*) AS enterprises
FROM enterprises
GROUP BY snapshot, unit, zone, status, company_type, division, established, ended
