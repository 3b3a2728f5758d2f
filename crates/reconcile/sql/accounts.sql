-- Every account by its latest name, and into which it was merged.
SELECT account_id, name, merged_into, merged_at
FROM (
    SELECT account_id, name, merged_into,
           min(CASE WHEN merged_into IS NOT NULL THEN valid_from END) OVER (PARTITION BY account_id) AS merged_at,
           row_number() OVER (PARTITION BY account_id ORDER BY valid_from DESC) AS newest
    FROM accounts
) AS version
WHERE newest = 1
