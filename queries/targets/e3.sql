-- e3 公司制占企业总体比例 (Share of companies (corporate form) among enterprises)
-- companies of enterprises in business at the year's end
-- grain: reading, unit, year
SELECT
    'e3' AS target,
    'single' AS reading,
    a.unit,
    a."year",
    CAST(s.companies AS DECIMAL(38, 8)) AS amount,
    CAST(s.enterprises AS DECIMAL(38, 8)) AS whole
FROM staging.enterprise_stocks AS s
JOIN staging.assessed AS a ON a.unit = s.unit AND a."year" = s."year" AND a.kind = 'county'
