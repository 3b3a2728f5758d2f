-- One row an asked period and account that was a customer at one of its ends and not at the other, or whose MRR differs between them: the one
-- movement that leads from its opening to its close, at the close's exchange rates. A change from one currency to another, one of them
-- without a rate, stands under expansion and under contraction: it may be either.
WITH priced AS (
    SELECT period, account_id,
           CAST(sum(convert(closing_mrr - opening_mrr, currency, closing)) AS DECIMAL(38, 10)) AS change,
           sum(closing_mrr - opening_mrr) AS native_change, count(*) FILTER (WHERE closing_mrr <> opening_mrr) AS currencies,
           min(CASE WHEN closing_mrr <> opening_mrr AND closing_rate IS NULL THEN currency END) AS unpriced
    FROM endpoint_positions
    GROUP BY period, account_id
),
money AS (
    SELECT period, account_id, unpriced, CASE WHEN unpriced IS NULL THEN change END AS change,
           -- Without a rate the amount is not known, but in one currency its direction is.
           CASE WHEN unpriced IS NULL THEN change WHEN currencies = 1 THEN native_change END AS direction
    FROM priced
),
either AS (
    SELECT 'expansion' AS movement UNION ALL SELECT 'contraction'
),
classed AS (
    SELECT panel.period AS period, panel.account_id AS account_id, money.unpriced AS unpriced,
           CASE WHEN money.unpriced IS NULL THEN coalesce(money.change, 0) END AS change,
           CASE WHEN NOT panel.opening_active AND panel.is_new THEN 'new'
                WHEN NOT panel.opening_active THEN 'reactivation'
                WHEN NOT panel.closing_active THEN 'churn'
                WHEN money.direction > 0 THEN 'expansion'
                WHEN money.direction < 0 THEN 'contraction'
                WHEN money.unpriced IS NOT NULL AND money.direction IS NULL THEN 'either' END AS movement
    FROM account_panel AS panel
    LEFT JOIN money ON money.period = panel.period AND money.account_id = panel.account_id
    WHERE panel.opening_active OR panel.closing_active
)
SELECT classed.period AS period, classed.account_id AS account_id, classed.account_id AS row_id,
       coalesce(either.movement, classed.movement) AS movement,
       CASE WHEN classed.movement IN ('contraction', 'churn') THEN -classed.change ELSE classed.change END AS amount,
       classed.unpriced AS unpriced
FROM classed
LEFT JOIN either ON classed.movement = 'either'
WHERE classed.movement IS NOT NULL
