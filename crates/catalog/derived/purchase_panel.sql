-- One row an asked period and account that bought in it or in the stretch of the same length just before: for companies without
-- subscriptions.
SELECT asked.period AS period, invoice.account_id AS account_id,
       bool_or(invoice.issued_at < asked.starts_at) AS bought_before,
       bool_or(invoice.issued_at >= asked.starts_at) AS bought
FROM invoices AS invoice
JOIN asked ON invoice.issued_at >= asked.preceding_at AND invoice.issued_at < asked.ends_at
WHERE invoice.kind <> 'refund' AND invoice.kind <> 'tax' AND coalesce(invoice.status, 'paid') NOT IN ('draft', 'void')
GROUP BY asked.period, invoice.account_id
