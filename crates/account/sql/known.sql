-- One row an account that anything was imported of: its last name, the account that took it over, and its parent.
WITH version AS (
    SELECT account_id, name, merged_into, parent_id, row_number() OVER (PARTITION BY account_id ORDER BY valid_from DESC) AS newest FROM accounts
)
SELECT account_id, name, merged_into, parent_id FROM version WHERE newest = 1
UNION ALL
SELECT DISTINCT account_id, NULL, NULL, NULL FROM subscriptions
WHERE account_id IS NOT NULL AND account_id NOT IN (SELECT account_id FROM accounts WHERE account_id IS NOT NULL)
ORDER BY account_id
