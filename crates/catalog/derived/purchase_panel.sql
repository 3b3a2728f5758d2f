-- One row an asked period and account that bought in it or in the stretch of the same length just before: for companies without
-- subscriptions. What nobody known bought is a row an invoice.
WITH purchase AS (
    SELECT account_id, coalesce(account_id, invoice_id) AS row_id, issued_at
    FROM invoices
    WHERE kind <> 'refund' AND kind <> 'tax' AND coalesce(status, 'paid') NOT IN ('draft', 'void')
)
SELECT asked.period AS period, purchase.account_id AS account_id, purchase.row_id AS row_id,
       bool_or(purchase.issued_at < asked.starts_at) AS bought_before,
       bool_or(purchase.issued_at >= asked.starts_at) AS bought
FROM purchase
JOIN asked ON purchase.issued_at >= asked.preceding_at AND purchase.issued_at < asked.ends_at
GROUP BY asked.period, purchase.account_id, purchase.row_id
