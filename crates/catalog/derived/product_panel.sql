-- One row an asked period, account and product held at its opening or its close: quantity, tier, price a month and MRR at both, money at the
-- opening's rates. Lines without a product count as one product.
SELECT asked.period AS period, held.account_id AS account_id, coalesce(held.product, '') AS product,
       sum(CASE WHEN held.starts_at <= asked.opening AND (held.ends_at IS NULL OR held.ends_at > asked.opening) THEN held.quantity END) AS opening_quantity,
       sum(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing THEN held.quantity END) AS closing_quantity,
       max(CASE WHEN held.starts_at <= asked.opening AND (held.ends_at IS NULL OR held.ends_at > asked.opening) THEN held.tier END) AS opening_tier,
       max(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing THEN held.tier END) AS closing_tier,
       max(CASE WHEN held.starts_at <= asked.opening AND (held.ends_at IS NULL OR held.ends_at > asked.opening) THEN convert(held.monthly_price, held.currency, asked.opening) END) AS opening_price,
       max(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing THEN convert(held.monthly_price, held.currency, asked.opening) END) AS closing_price,
       CAST(sum(CASE WHEN held.starts_at <= asked.opening AND (held.ends_at IS NULL OR held.ends_at > asked.opening)
                     THEN convert(held.mrr, held.currency, asked.opening) ELSE 0 END) AS DECIMAL(38, 10)) AS opening_mrr,
       CAST(sum(CASE WHEN held.ends_at IS NULL OR held.ends_at > asked.closing
                     THEN convert(held.mrr, held.currency, asked.opening) ELSE 0 END) AS DECIMAL(38, 10)) AS closing_mrr
FROM mrr_lines AS held
JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.opening)
GROUP BY asked.period, held.account_id, coalesce(held.product, '')
