-- One row a paid line in force: what it brings a month, in its own currency and in the workspace's; a paused one brings nothing.
SELECT line.subscription_id AS subscription_id, line.product AS product, line.plan AS plan, CAST(line.seats AS DECIMAL(38, 6)) AS seats,
       CAST(line.mrr AS DECIMAL(38, 6)) AS native_mrr, line.currency AS currency,
       CAST(convert(line.mrr, line.currency, asked.closing) AS DECIMAL(38, 6)) AS mrr, line.paused AS paused, line.starts_at AS starts_at
FROM mrr_lines AS line
JOIN asked ON line.starts_at <= asked.closing AND (line.ends_at IS NULL OR line.ends_at > asked.closing)
WHERE line.account_id = $account
ORDER BY mrr DESC, line.subscription_id, line.product
