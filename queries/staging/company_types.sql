-- Which legal forms of the register are companies: by code where it is one, else by text. Unknown forms are no companies
-- and a finding (`checks.unknown_legal_form`).
-- grain: company_type
WITH types AS (
    SELECT DISTINCT
        company_type,
        replace(replace(replace(company_type, '（', '('), '）', ')'), ' ', '') AS form
    FROM staging.registered
),
judged AS (
    SELECT
        t.company_type,
        MAX(CASE WHEN f.kind = 'part' AND strpos(t.form, f.form) > 0 THEN 1 ELSE 0 END) AS has_part,
        MAX(CASE WHEN f.kind = 'code' AND t.form BETWEEN '1000' AND '9999' AND starts_with(t.form, f.form) THEN 1 ELSE 0 END) AS is_code,
        MAX(CASE WHEN f.kind = 'start' AND f.company = 'yes' AND starts_with(t.form, f.form) THEN 1 ELSE 0 END) AS is_company,
        MAX(CASE WHEN f.kind = 'start' AND f.company = 'no' AND starts_with(t.form, f.form) THEN 1 ELSE 0 END) AS is_other
    FROM types AS t
    CROSS JOIN reference.company_forms AS f
    GROUP BY t.company_type
)
SELECT
    company_type,
    has_part = 0 AND (is_code = 1 OR is_company = 1) AS is_company,
    has_part = 1 OR is_code = 1 OR is_company = 1 OR is_other = 1 OR company_type BETWEEN '1000' AND '9999' AS is_known
FROM judged
