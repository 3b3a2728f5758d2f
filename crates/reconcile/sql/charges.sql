-- What was invoiced beside the subscription in the month up to the close, and the tax on it.
SELECT account_id, kind, currency, sum(amount) AS amount
FROM invoices
WHERE issued_at >= $month_start AND issued_at <= $closing AND account_id IS NOT NULL AND kind IN ('metered', 'one_off')
  AND coalesce(status, 'paid') NOT IN ('draft', 'void')
GROUP BY account_id, kind, currency
ORDER BY account_id, kind, currency
