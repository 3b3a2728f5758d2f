-- One row a customer and a product that at least three in ten customers of its plan hold and it does not; plans of ten customers and more.
WITH customer AS (SELECT period, account_id, name, plan, mrr FROM scored_accounts),
held AS (
    SELECT DISTINCT line.account_id, line.product
    FROM mrr_lines AS line
    JOIN asked ON line.starts_at <= asked.closing AND (line.ends_at IS NULL OR line.ends_at > asked.closing)
    WHERE line.product IS NOT NULL
),
peers AS (SELECT plan, count(*) AS customers FROM customer WHERE plan IS NOT NULL GROUP BY plan),
common AS (
    SELECT customer.plan, held.product, count(*) AS holders
    FROM customer
    JOIN held ON held.account_id = customer.account_id
    WHERE customer.plan IS NOT NULL
    GROUP BY customer.plan, held.product
)
SELECT customer.account_id AS account_id, customer.name AS name, customer.mrr AS mrr, common.product AS product, customer.plan AS plan,
       common.holders AS holders, peers.customers AS customers
FROM customer
JOIN common ON common.plan = customer.plan
JOIN peers ON peers.plan = customer.plan
LEFT JOIN held AS own ON own.account_id = customer.account_id AND own.product = common.product
WHERE own.account_id IS NULL AND peers.customers >= 10 AND common.holders * 10 >= peers.customers * 3
ORDER BY CAST(common.holders AS DOUBLE) / CAST(peers.customers AS DOUBLE) DESC, mrr DESC, account_id, product
