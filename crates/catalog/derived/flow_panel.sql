-- One row an asked period and account that was a customer at any time in it: what it paid at the opening, and its movements in the period by kind,
-- at each day's rates and, beside, at the opening's.
WITH money AS (
    SELECT asked.period AS period, movement.account_id AS account_id, movement.movement AS movement, movement.at AS at, movement.amount AS amount,
           movement.unpriced AS unpriced,
           CAST(sum(convert(moved.mrr, moved.currency, asked.opening)) AS DECIMAL(38, 10)) AS change_at_opening_rates
    FROM mrr_movements AS movement
    JOIN asked ON movement.at >= asked.starts_at AND movement.at < asked.ends_at
    JOIN mrr_days AS moved ON moved.account_id = movement.account_id AND moved.day = local_day(movement.at)
    GROUP BY asked.period, movement.account_id, movement.movement, movement.at, movement.amount, movement.unpriced
),
flow AS (
    SELECT period, account_id,
           sum(CASE WHEN movement = 'reactivation' THEN amount ELSE 0 END) AS returned,
           sum(CASE WHEN movement = 'expansion' THEN amount ELSE 0 END) AS expanded,
           sum(CASE WHEN movement = 'contraction' THEN amount ELSE 0 END) AS contracted,
           sum(CASE WHEN movement = 'churn' THEN amount ELSE 0 END) AS churned,
           sum(CASE WHEN movement = 'expansion' THEN change_at_opening_rates ELSE 0 END) AS own_expanded,
           sum(CASE WHEN movement IN ('contraction', 'churn') THEN -change_at_opening_rates ELSE 0 END) AS own_lost,
           min(CASE WHEN movement <> 'new' THEN unpriced END) AS unpriced
    FROM money
    GROUP BY period, account_id
)
SELECT panel.period AS period, panel.account_id AS account_id, panel.opening_active AS opening_active, panel.opening_mrr AS opening_mrr,
       CAST(coalesce(flow.returned, 0) AS DECIMAL(38, 10)) AS returned, CAST(coalesce(flow.expanded, 0) AS DECIMAL(38, 10)) AS expanded,
       CAST(coalesce(flow.contracted, 0) AS DECIMAL(38, 10)) AS contracted, CAST(coalesce(flow.churned, 0) AS DECIMAL(38, 10)) AS churned,
       CAST(coalesce(flow.own_expanded, 0) AS DECIMAL(38, 10)) AS own_expanded, CAST(coalesce(flow.own_lost, 0) AS DECIMAL(38, 10)) AS own_lost,
       panel.unpriced AS unpriced, flow.unpriced AS unpriced_movement
FROM account_panel AS panel
LEFT JOIN flow ON flow.period = panel.period AND flow.account_id = panel.account_id
