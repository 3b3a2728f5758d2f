-- One row an asked period and account that was a customer at any time in it, its opening included: what it paid at the opening and at
-- the close, both at the opening's rates, the close at its own rates too, and how often it came and went in between.
WITH money AS (
    SELECT asked.period AS period, held.account_id AS account_id,
           CAST(sum(CASE WHEN held.starts_at <= asked.opening THEN convert(held.mrr, held.currency, asked.opening) ELSE 0 END) AS DECIMAL(38, 10)) AS opening_mrr,
           CAST(sum(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing THEN convert(held.mrr, held.currency, asked.opening) ELSE 0 END) AS DECIMAL(38, 10)) AS closing_mrr,
           min(CASE WHEN fx_rate(held.currency, asked.opening) IS NULL THEN held.currency END) AS unpriced,
           CAST(sum(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing THEN convert(held.mrr, held.currency, asked.closing) ELSE 0 END) AS DECIMAL(38, 10)) AS closing_mrr_at_closing_rates,
           min(CASE WHEN (held.ends_at IS NULL OR held.ends_at > asked.closing) AND fx_rate(held.currency, asked.closing) IS NULL THEN held.currency END) AS unpriced_at_close
    FROM account_mrr AS held
    JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.opening)
    GROUP BY asked.period, held.account_id
),
presence AS (
    SELECT asked.period AS period, span.account_id AS account_id,
           bool_or(span.starts_at <= asked.opening) AS opening_active,
           bool_or(span.ends_at IS NULL OR span.ends_at > asked.closing) AS closing_active,
           sum(CASE WHEN span.ends_at > asked.opening AND span.ends_at <= asked.closing THEN 1 ELSE 0 END) AS losses,
           bool_or(span.number = 1 AND span.starts_at > asked.opening) AS is_new
    FROM customer_spans AS span
    JOIN asked ON span.starts_at <= asked.closing AND (span.ends_at IS NULL OR span.ends_at > asked.opening)
    GROUP BY asked.period, span.account_id
)
SELECT presence.period AS period, presence.account_id AS account_id, presence.opening_active AS opening_active,
       presence.closing_active AS closing_active, presence.losses AS losses, presence.is_new AS is_new,
       coalesce(money.opening_mrr, 0) AS opening_mrr, coalesce(money.closing_mrr, 0) AS closing_mrr, money.unpriced AS unpriced,
       coalesce(money.closing_mrr_at_closing_rates, 0) AS closing_mrr_at_closing_rates, money.unpriced_at_close AS unpriced_at_close
FROM presence
LEFT JOIN money ON money.period = presence.period AND money.account_id = presence.account_id
