-- One row an asked period and account that was a customer at one of its ends and not at the other, or whose MRR differs between them: the one
-- movement that leads from its opening to its close, at the close's exchange rates.
WITH money AS (
    SELECT period, account_id,
           CAST(sum(convert(closing_mrr - opening_mrr, currency, closing)) AS DECIMAL(38, 10)) AS change,
           sum(closing_mrr - opening_mrr) AS native_change,
           min(CASE WHEN closing_mrr <> opening_mrr AND closing_rate IS NULL THEN currency END) AS unpriced
    FROM endpoint_positions
    GROUP BY period, account_id
),
classed AS (
    SELECT panel.period AS period, panel.account_id AS account_id, coalesce(money.change, 0) AS change, money.unpriced AS unpriced,
           CASE WHEN NOT panel.opening_active AND panel.is_new THEN 'new'
                WHEN NOT panel.opening_active THEN 'reactivation'
                WHEN NOT panel.closing_active THEN 'churn'
                -- Without a rate the amount is not known, but its direction is: in the account's own currency.
                WHEN CASE WHEN money.unpriced IS NULL THEN money.change ELSE money.native_change END > 0 THEN 'expansion'
                WHEN CASE WHEN money.unpriced IS NULL THEN money.change ELSE money.native_change END < 0 THEN 'contraction' END AS movement
    FROM account_panel AS panel
    LEFT JOIN money ON money.period = panel.period AND money.account_id = panel.account_id
    WHERE panel.opening_active OR panel.closing_active
)
SELECT period, account_id, account_id AS row_id, movement,
       CASE WHEN movement IN ('contraction', 'churn') THEN -change ELSE change END AS amount, unpriced
FROM classed
WHERE movement IS NOT NULL
