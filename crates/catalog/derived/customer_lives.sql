-- One row an asked period and stretch as a customer that began before its close: how many months it has lasted, whether it has ended by then,
-- and what the account pays at the close. A customer who comes back begins a new life.
WITH paying AS (
    SELECT asked.period AS period, held.account_id AS account_id,
           CAST(sum(convert(held.mrr, held.currency, asked.closing)) AS DECIMAL(38, 10)) AS mrr,
           min(CASE WHEN fx_rate(held.currency, asked.closing) IS NULL THEN held.currency END) AS unpriced
    FROM account_mrr AS held
    JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.closing)
    GROUP BY asked.period, held.account_id
)
SELECT asked.period AS period, concat_ws('/', span.account_id, span.number) AS row_id, span.account_id AS account_id, span.starts_at AS starts_at,
       span.ends_at IS NOT NULL AND span.ends_at <= asked.closing AS ended,
       months_between(span.starts_at, least(coalesce(span.ends_at, asked.ends_at), asked.ends_at)) AS months,
       CASE WHEN span.ends_at IS NULL OR span.ends_at > asked.closing THEN paying.mrr END AS mrr,
       paying.unpriced AS unpriced
FROM customer_spans AS span
JOIN asked ON span.starts_at <= asked.closing
LEFT JOIN paying ON paying.period = asked.period AND paying.account_id = span.account_id
