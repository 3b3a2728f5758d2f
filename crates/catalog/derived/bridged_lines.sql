-- One row a subscription line that ends and goes on, within join_gap_days, in another line of the same account and product, with the instant at
-- which that one begins. A line goes on in one line only, and one only goes on in it: of the same plan first, then where no gap lies between,
-- then of the same quantity and price; lines alike in all of that in their order.
WITH line AS (
    SELECT concat_ws('/', subscription_id, nullif(line_id, '')) AS line, account_id, coalesce(product, '') AS product, coalesce(plan, '') AS plan,
           quantity, unit_price, ended_at,
           CASE WHEN trial_ends_at > started_at THEN trial_ends_at ELSE started_at END AS paid_from
    FROM subscriptions
    WHERE kind = 'recurring'
),
ending AS (
    SELECT *, row_number() OVER (PARTITION BY account_id, product, plan, quantity, unit_price, ended_at ORDER BY paid_from, line) AS twin
    FROM line
    WHERE ended_at > paid_from
),
beginning AS (
    SELECT *, row_number() OVER (PARTITION BY account_id, product, plan, quantity, unit_price, paid_from ORDER BY line) AS twin
    FROM line
    WHERE ended_at IS NULL OR ended_at > paid_from
),
pair AS (
    SELECT ending.line AS line, beginning.line AS next_line, beginning.paid_from AS next_starts_at,
           CASE WHEN ending.plan <> beginning.plan THEN 1 ELSE 0 END AS other_plan,
           CASE WHEN ending.ended_at < beginning.paid_from THEN 1 ELSE 0 END AS gap,
           CASE WHEN ending.quantity <> beginning.quantity THEN 1 ELSE 0 END AS other_quantity,
           CASE WHEN ending.unit_price <> beginning.unit_price THEN 1 ELSE 0 END AS other_price,
           CASE WHEN ending.twin <> beginning.twin THEN 1 ELSE 0 END AS other_twin
    FROM ending
    JOIN beginning
      ON beginning.account_id = ending.account_id AND beginning.product = ending.product AND beginning.line <> ending.line
     AND beginning.paid_from >= ending.ended_at AND beginning.paid_from <= add_days(ending.ended_at, $join_gap_days)
    WHERE $join_gap_days > 0
),
chosen AS (
    SELECT line, next_starts_at, gap,
           row_number() OVER (PARTITION BY line ORDER BY other_plan, gap, other_quantity, other_price, other_twin, next_starts_at, next_line) AS choice,
           row_number() OVER (PARTITION BY next_line ORDER BY other_plan, gap, other_quantity, other_price, other_twin, line) AS chosen_by
    FROM pair
)
SELECT line, next_starts_at
FROM chosen
WHERE choice = 1 AND chosen_by = 1 AND gap = 1
