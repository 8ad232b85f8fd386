-- The last word of each year on the targets that only the monthly reports speak of, and who said it.
-- grain: target, year
WITH numbered AS (
    SELECT
        x.item AS target,
        CAST(substr(x.month, 1, 4) AS BIGINT) AS "year",
        x.month,
        x.department,
        x.status,
        x.value,
        x.base,
        row_number() OVER (
            PARTITION BY x.item, substr(x.month, 1, 4) ORDER BY x.month DESC NULLS LAST, x._origin
        ) AS recent
    FROM extracts.task_report AS x
    JOIN reference.targets AS t ON t.id = x.item
)
SELECT target, "year", month, department, status, value, base
FROM numbered
WHERE recent = 1
