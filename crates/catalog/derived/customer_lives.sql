-- One row an asked period and stretch as a customer that began before its close: whether it has ended by then, for how many months, and what the
-- account pays at the close: nothing in a gap that is still in grace. A month is paid in advance: a life that has ended lasted the months
-- begun, one that goes on the months completed. A customer who comes back begins a new life.
WITH paying AS (
    SELECT asked.period AS period, held.account_id AS account_id,
           CAST(sum(convert(held.mrr, held.currency, asked.closing)) AS DECIMAL(38, 10)) AS mrr,
           min(CASE WHEN fx_rate(held.currency, asked.closing) IS NULL THEN held.currency END) AS unpriced
    FROM account_mrr AS held
    JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.closing)
    GROUP BY asked.period, held.account_id
),
life AS (
    SELECT asked.period AS period, span.account_id AS account_id, span.number AS number, span.starts_at AS starts_at, span.ends_at AS ends_at,
           span.ends_at IS NOT NULL AND span.ends_at <= asked.closing AS ended,
           months_between(span.starts_at, least(coalesce(span.ends_at, asked.ends_at), asked.ends_at)) AS completed
    FROM customer_spans AS span
    JOIN asked ON span.starts_at <= asked.closing
)
SELECT life.period AS period, concat_ws('/', life.account_id, life.number) AS row_id, life.account_id AS account_id,
       life.starts_at AS starts_at, life.ended AS ended,
       CASE WHEN life.ended AND add_months(life.starts_at, life.completed) < life.ends_at THEN life.completed + 1
            ELSE life.completed END AS months,
       CASE WHEN NOT life.ended AND paying.unpriced IS NULL THEN coalesce(paying.mrr, 0) END AS mrr,
       CASE WHEN NOT life.ended THEN paying.unpriced END AS unpriced
FROM life
LEFT JOIN paying ON paying.period = life.period AND paying.account_id = life.account_id
