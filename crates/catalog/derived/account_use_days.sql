-- one row an account and local day on which anybody there used the product
SELECT account_id, CAST(day AS int) AS day_number, sum(events) AS events
FROM usage_days
WHERE account_id IS NOT NULL
GROUP BY account_id, day
