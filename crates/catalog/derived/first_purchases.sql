-- one row an account that ever was a paying customer: when it first became one
SELECT account_id, min(starts_at) AS at
FROM customer_spans
GROUP BY account_id
