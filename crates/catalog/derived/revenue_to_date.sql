-- One row an asked period and account invoiced before its close: what it has brought in until then, refunds taken off, each invoice at its
-- day's exchange rate.
SELECT asked.period AS period, invoice.account_id AS row_id, invoice.account_id AS account_id,
       CAST(sum(convert(invoice.amount, invoice.currency, invoice.issued_at)) AS DECIMAL(38, 10)) AS amount,
       min(CASE WHEN convert(invoice.amount, invoice.currency, invoice.issued_at) IS NULL THEN invoice.currency END) AS unpriced,
       months_between(min(invoice.issued_at), asked.ends_at) AS months, false AS ended, CAST(0 AS DECIMAL(38, 10)) AS mrr
FROM invoices AS invoice
JOIN asked ON invoice.issued_at < asked.ends_at
WHERE invoice.kind <> 'tax' AND coalesce(invoice.status, 'paid') NOT IN ('draft', 'void')
GROUP BY asked.period, invoice.account_id, asked.ends_at
