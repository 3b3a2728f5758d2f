-- One row a piece of money from customers beyond what they paid already: MRR added by expansion, and one-off sales invoiced while they were
-- customers, each in the workspace's currency at its day's rate.
SELECT row_id, account_id, at, 'recurring' AS kind, amount, unpriced
FROM mrr_movements
WHERE movement = 'expansion'
UNION ALL
SELECT concat_ws('/', 'invoice', invoice.invoice_id, nullif(invoice.line_id, '')), invoice.account_id, invoice.issued_at, 'one-off',
       convert(invoice.amount, invoice.currency, invoice.issued_at),
       CASE WHEN convert(invoice.amount, invoice.currency, invoice.issued_at) IS NULL THEN invoice.currency END
FROM invoices AS invoice
JOIN customer_spans AS span
  ON span.account_id = invoice.account_id AND span.starts_at < invoice.issued_at AND (span.ends_at IS NULL OR span.ends_at > invoice.issued_at)
WHERE invoice.kind = 'one_off' AND coalesce(invoice.status, 'paid') NOT IN ('draft', 'void')
