-- The enterprises of each copy of the register by assessed unit: a county with its zones in it, and each zone.
-- grain: unit, snapshot, status, company_type, division, established, ended
SELECT unit, snapshot, status, company_type, division, established, ended, SUM(enterprises) AS enterprises
FROM staging.registered
GROUP BY unit, snapshot, status, company_type, division, established, ended
UNION ALL
SELECT zone AS unit, snapshot, status, company_type, division, established, ended, SUM(enterprises) AS enterprises
FROM staging.registered
WHERE zone IS NOT NULL
GROUP BY zone, snapshot, status, company_type, division, established, ended
