-- One row a child: what it pays a month now, in the workspace's currency.
WITH paying AS (
    SELECT held.account_id, sum(convert(held.mrr, held.currency, asked.closing)) AS mrr
    FROM account_mrr AS held
    JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.closing)
    GROUP BY held.account_id
)
SELECT child.account_id AS account_id, child.name AS name, child.plan AS plan, CAST(paying.mrr AS DECIMAL(38, 6)) AS mrr
FROM account_versions AS child
JOIN asked ON child.starts_at <= asked.closing AND (child.ends_at IS NULL OR child.ends_at > asked.closing)
LEFT JOIN paying ON paying.account_id = child.account_id
WHERE child.parent_id = $account
ORDER BY child.account_id
