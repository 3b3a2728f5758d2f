-- One row an asked period and account that bought in a month over by its close: how often, how lately and for how long, in months, and what
-- a repeat purchase was worth. A purchase is a month whose invoices, refunds taken off, come to more than nothing, each invoice at its day's
-- exchange rate; all invoices of a month are one. What nobody known was invoiced is a row an invoice.
WITH line AS (
    SELECT asked.period AS period, local_month_start(least(asked.ends_at, asked.observed_to)) AS until,
           coalesce(invoice.account_id, invoice.invoice_id) AS row_id, invoice.account_id AS account_id,
           local_month_start(invoice.issued_at) AS month, invoice.currency AS currency,
           convert(invoice.amount, invoice.currency, invoice.issued_at) AS amount
    FROM invoices AS invoice
    JOIN asked ON invoice.issued_at < local_month_start(least(asked.ends_at, asked.observed_to))
    WHERE invoice.kind <> 'tax' AND coalesce(invoice.status, 'paid') NOT IN ('draft', 'void')
),
month AS (
    SELECT period, until, row_id, account_id, month, CAST(sum(amount) AS DECIMAL(38, 10)) AS amount,
           min(CASE WHEN amount IS NULL THEN currency END) AS unpriced
    FROM line
    GROUP BY period, until, row_id, account_id, month
),
purchase AS (
    SELECT *, row_number() OVER (PARTITION BY period, row_id ORDER BY month) AS nth
    FROM month
    WHERE amount > 0 OR unpriced IS NOT NULL
)
SELECT period AS period, row_id AS row_id, account_id AS account_id, count(*) - 1 AS frequency,
       months_between(min(month), max(month)) AS recency, months_between(min(month), until) - 1 AS age,
       CAST(sum(amount) FILTER (WHERE nth > 1) AS DOUBLE) / nullif(count(*) - 1, 0) AS spend, min(unpriced) AS unpriced
FROM purchase
GROUP BY period, until, row_id, account_id
