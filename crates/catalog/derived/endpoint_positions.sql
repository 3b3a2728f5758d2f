-- One row an asked period, account and currency held at its opening or its close: the MRR at both, in that currency, and the rates of both. What
-- lay in between is not looked at.
SELECT asked.period AS period, concat_ws('/', held.account_id, held.currency) AS row_id, held.account_id AS account_id, held.currency AS currency,
       CAST(sum(CASE WHEN held.starts_at <= asked.opening THEN held.mrr ELSE 0 END) AS DECIMAL(38, 10)) AS opening_mrr,
       CAST(sum(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing THEN held.mrr ELSE 0 END) AS DECIMAL(38, 10)) AS closing_mrr,
       fx_rate(held.currency, asked.opening) AS opening_rate,
       fx_rate(held.currency, asked.closing) AS closing_rate,
       asked.closing AS closing
FROM account_mrr AS held
JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.opening)
WHERE held.starts_at <= asked.opening OR held.ends_at IS NULL OR held.ends_at > asked.closing
GROUP BY asked.period, held.account_id, held.currency, asked.opening, asked.closing
