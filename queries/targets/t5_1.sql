-- t5.1 五大传统支柱行业“企检服务中心” (Enterprise-procuratorate service centres in the five traditional pillar industries)
-- industries with a centre of the base reported, which must be 5, as last reported in the year
-- grain: reading, unit, year
SELECT
    target,
    'single' AS reading,
    unit,
    "year",
    CAST(value AS DECIMAL(38, 8)) AS amount,
    CAST(base AS DECIMAL(38, 8)) AS whole
FROM targets.reported
WHERE target = 't5.1'
