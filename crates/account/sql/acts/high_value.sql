-- One row a customer: what it pays a month, and its share of what all pay.
SELECT scored.account_id AS account_id, scored.name AS name, scored.mrr AS mrr, CAST(NULL AS VARCHAR) AS product,
       CAST(scored.mrr AS DOUBLE) / CAST(sum(scored.mrr) OVER () AS DOUBLE) AS share
FROM scored_accounts AS scored
WHERE scored.mrr > 0
ORDER BY mrr DESC, account_id
