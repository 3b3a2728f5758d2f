-- One row an account and stretch of time during which none of its attributes changes. The first reaches back to before anything was
-- recorded, the last has no end.
WITH beginning AS (
    SELECT DISTINCT account_id, TIMESTAMP '1900-01-01T00:00:00Z' AS at FROM account_versions
    UNION ALL
    SELECT account_id, at FROM attribute_changes
)
SELECT account_id, at AS starts_at, lead(at) OVER (PARTITION BY account_id ORDER BY at) AS ends_at
FROM beginning
