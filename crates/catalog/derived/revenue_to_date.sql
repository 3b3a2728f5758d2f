-- One row an asked period and account invoiced before its close: what it has brought in until then, refunds taken off, each invoice at its
-- day's exchange rate. What nobody known was invoiced is a row an invoice.
WITH line AS (
    SELECT account_id, coalesce(account_id, invoice_id) AS row_id, amount, currency, issued_at
    FROM invoices
    WHERE kind <> 'tax' AND coalesce(status, 'paid') NOT IN ('draft', 'void')
)
SELECT asked.period AS period, line.row_id AS row_id, line.account_id AS account_id,
       CAST(sum(convert(line.amount, line.currency, line.issued_at)) AS DECIMAL(38, 10)) AS amount,
       min(CASE WHEN convert(line.amount, line.currency, line.issued_at) IS NULL THEN line.currency END) AS unpriced,
       months_between(min(line.issued_at), asked.ends_at) AS months, false AS ended, CAST(0 AS DECIMAL(38, 10)) AS mrr
FROM line
JOIN asked ON line.issued_at < asked.ends_at
GROUP BY asked.period, line.account_id, line.row_id, asked.ends_at
