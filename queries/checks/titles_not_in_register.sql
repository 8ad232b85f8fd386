-- Titles of enterprises whose code the register does not have as an enterprise, in the copy that serves the
-- year.
-- grain: row
SELECT
    x.unit,
    substr(x.period, 1, 4) AS period,
    x.title AS subject,
    CAST(NULL AS DECIMAL(38, 8)) AS found,
    CAST(NULL AS DECIMAL(38, 8)) AS expected,
    x._origin AS origin
FROM extracts.gradient AS x
JOIN staging.register_days AS d ON d."year" = CAST(substr(x.period, 1, 4) AS BIGINT)
WHERE
    x.uscc IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM staging.named_enterprises AS e WHERE e.uscc = x.uscc AND e.snapshot = d.snapshot
    )
