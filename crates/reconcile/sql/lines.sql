-- Every stretch of a paid line that is in force near the close, with the terms it was sold on. `price` is the month's list price, paused or not.
SELECT stretch.account_id, stretch.line, stretch.product, stretch.currency, stretch.paused, stretch.list_mrr, stretch.mrr,
       stretch.past_due_from, stretch.past_due_to, stretch.starts_at, stretch.ends_at,
       monthly_amount(sold.unit_price * sold.quantity, sold."interval", sold.interval_count) AS price,
       sold."interval" AS billing_interval, sold.interval_count, sold.discount_percent,
       monthly_amount(sold.discount_amount, sold."interval", sold.interval_count) AS discount_amount,
       sold.discount_from, sold.discount_to, sold.paused_from, sold.paused_to, sold.trial_ends_at
FROM mrr_lines AS stretch
JOIN subscriptions AS sold ON sold.subscription_id = stretch.subscription_id AND sold.line_id = stretch.line_id
WHERE stretch.starts_at <= $until AND (stretch.ends_at IS NULL OR stretch.ends_at > $since)
ORDER BY stretch.account_id, stretch.line, stretch.starts_at
