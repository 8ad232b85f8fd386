-- Legal forms of living enterprises that are neither a code nor a text of the table. `found`: enterprises.
-- grain: unit, period, subject
SELECT
    e.unit,
    CAST(extract(YEAR FROM e.snapshot) AS VARCHAR) AS period,
    e.company_type AS subject,
    CAST(SUM(e.enterprises) AS DECIMAL(38, 8)) AS found,
    CAST(0 AS DECIMAL(38, 8)) AS expected,
    CAST(NULL AS BIGINT) AS origin
FROM staging.enterprise_scopes AS e
JOIN staging.company_types AS t ON t.company_type = e.company_type
WHERE NOT t.is_known AND e.status = 'active'
GROUP BY e.unit, CAST(extract(YEAR FROM e.snapshot) AS VARCHAR), e.company_type
