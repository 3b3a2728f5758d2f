-- one row an account, feature of a product and local day on which anybody there used it
SELECT DISTINCT account_id, product, feature, CAST(day AS int) AS day_number
FROM usage_days
WHERE account_id IS NOT NULL AND feature IS NOT NULL
