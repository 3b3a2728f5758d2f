-- One row an asked period and account that was a customer at any time in it: what it paid at the opening and at the close, and whether a contract
-- term of it, longer than a month, ended in between, by its original end.
WITH due AS (
    SELECT DISTINCT asked.period AS period, term.account_id AS account_id
    FROM contracts AS term
    JOIN asked ON term.ends_at >= asked.starts_at AND term.ends_at < asked.ends_at
    WHERE term.term_months IS NULL OR term.term_months > 1
)
SELECT panel.period AS period, panel.account_id AS account_id, panel.opening_active AS opening_active, panel.is_new AS is_new,
       panel.opening_mrr AS opening_mrr, panel.closing_mrr AS closing_mrr, panel.unpriced AS unpriced, due.account_id IS NOT NULL AS due
FROM account_panel AS panel
LEFT JOIN due ON due.period = panel.period AND due.account_id = panel.account_id
