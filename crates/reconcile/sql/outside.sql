-- What runs near the close and is no MRR: trials, metered and one-off lines.
SELECT account_id, CASE WHEN kind = 'recurring' THEN 'trial' ELSE kind END AS kind, product, currency,
       monthly_amount(unit_price * quantity, "interval", interval_count) AS price,
       discount_percent, monthly_amount(discount_amount, "interval", interval_count) AS discount_amount, started_at AS starts_at,
       CASE WHEN kind = 'recurring' AND (ended_at IS NULL OR trial_ends_at < ended_at) THEN trial_ends_at ELSE ended_at END AS ends_at
FROM subscriptions
WHERE started_at <= $until AND (ended_at IS NULL OR ended_at > $since)
  AND (kind <> 'recurring' OR (trial_ends_at > started_at AND trial_ends_at > $since))
ORDER BY account_id, kind, starts_at
