-- One row an asked period and customer active at its close, with what it pays then, at the close's exchange rates; zero where it is paused or
-- fully discounted.
SELECT asked.period AS period, span.account_id AS account_id, max(span.number) AS number,
       CAST(coalesce(sum(convert(held.mrr, held.currency, asked.closing)), 0) AS DECIMAL(38, 10)) AS mrr,
       coalesce(bool_or(held.mrr > 0), false) AS above_zero,
       min(CASE WHEN held.currency IS NOT NULL AND fx_rate(held.currency, asked.closing) IS NULL THEN held.currency END) AS unpriced
FROM customer_spans AS span
JOIN asked ON span.starts_at <= asked.closing AND (span.ends_at IS NULL OR span.ends_at > asked.closing)
LEFT JOIN account_mrr AS held
  ON held.account_id = span.account_id AND held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.closing)
GROUP BY asked.period, span.account_id
