-- When each account was last a customer by the close.
SELECT account_id, max(starts_at) AS started_at, CASE WHEN count(*) = count(ends_at) THEN max(ends_at) END AS ended_at
FROM customer_spans
WHERE starts_at <= $closing
GROUP BY account_id
