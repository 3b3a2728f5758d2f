-- One row a stretch of time as a customer.
SELECT span.number AS number, span.starts_at AS starts_at, CASE WHEN span.ends_at <= asked.closing THEN span.ends_at END AS ends_at
FROM customer_spans AS span
JOIN asked ON span.starts_at <= asked.closing
WHERE span.account_id = $account
ORDER BY span.number
