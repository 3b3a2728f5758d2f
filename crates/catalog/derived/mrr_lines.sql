-- One row a stretch of a paid, recurring subscription line during which its monthly amount does not change. Trials are out;
-- a paused or fully discounted line is in force at zero; one that goes on in another after a short gap fills it. Amounts are in the
-- line's own currency.
WITH line AS (
    SELECT subscription_id, line_id, account_id, product, plan, tier, quantity, coalesce(seats, quantity) AS seats, currency,
           unit_price, "interval" AS billing_interval, interval_count, discount_percent, discount_amount, discount_from, discount_to,
           paused_from, paused_to, past_due_from, past_due_to, end_reason, end_voluntary, end_requested_at, ended_at,
           CASE WHEN trial_ends_at > started_at THEN trial_ends_at ELSE started_at END AS paid_from
    FROM subscriptions
    WHERE kind = 'recurring'
),
cut AS (
    SELECT subscription_id, line_id, paid_from AS starts_at FROM line
    UNION SELECT subscription_id, line_id, discount_from FROM line WHERE discount_from IS NOT NULL
    UNION SELECT subscription_id, line_id, discount_to FROM line WHERE discount_to IS NOT NULL
    UNION SELECT subscription_id, line_id, paused_from FROM line WHERE paused_from IS NOT NULL
    UNION SELECT subscription_id, line_id, paused_to FROM line WHERE paused_to IS NOT NULL
),
stretch AS (
    SELECT line.*, cut.starts_at,
           coalesce(lead(cut.starts_at) OVER (PARTITION BY line.subscription_id, line.line_id ORDER BY cut.starts_at), line.ended_at) AS ends_at
    FROM line
    JOIN cut ON cut.subscription_id = line.subscription_id AND cut.line_id = line.line_id
    WHERE cut.starts_at >= line.paid_from AND (line.ended_at IS NULL OR cut.starts_at < line.ended_at)
),
priced AS (
    SELECT *,
           paused_from IS NOT NULL AND paused_from <= starts_at AND (paused_to IS NULL OR starts_at < paused_to) AS paused,
           (discount_percent IS NOT NULL OR discount_amount IS NOT NULL)
               AND (discount_from IS NULL OR discount_from <= starts_at) AND (discount_to IS NULL OR starts_at < discount_to) AS discounted,
           monthly_amount(unit_price * quantity, billing_interval, interval_count) AS list_mrr,
           monthly_amount(unit_price, billing_interval, interval_count) AS monthly_price
    FROM stretch
),
netted AS (
    SELECT *, concat_ws('/', subscription_id, nullif(line_id, '')) AS line,
           CASE WHEN discounted THEN CAST(list_mrr * (100 - coalesce(discount_percent, 0)) / 100 AS DECIMAL(38, 10))
                                     - coalesce(monthly_amount(discount_amount, billing_interval, interval_count), 0)
                ELSE list_mrr END AS net_mrr
    FROM priced
)
SELECT netted.line AS line, subscription_id, line_id, account_id, product, plan, tier,
       quantity, seats, CAST(monthly_price AS DECIMAL(38, 10)) AS monthly_price, currency, paused,
       CAST(CASE WHEN paused THEN 0 ELSE list_mrr END AS DECIMAL(38, 10)) AS list_mrr,
       CAST(CASE WHEN paused OR net_mrr < 0 THEN 0 ELSE net_mrr END AS DECIMAL(38, 10)) AS mrr,
       past_due_from, past_due_to, end_reason, end_voluntary, end_requested_at,
       starts_at,
       CASE WHEN ends_at = ended_at AND bridge.next_starts_at IS NOT NULL THEN bridge.next_starts_at ELSE ends_at END AS ends_at
FROM netted
LEFT JOIN bridged_lines AS bridge ON bridge.line = netted.line
