-- One row an asked period, account that first became a customer in it, and age in whole calendar months: whether it is still a customer at the
-- close of the month of that age, and what it pays then, at the rates of its first month. Cells that observed_to has not passed say so.
WITH first_start AS (
    SELECT account_id, starts_at, local_month_start(starts_at) AS month FROM customer_spans WHERE number = 1
),
aged AS (
    SELECT asked.period AS period, first_start.account_id AS account_id, first_start.starts_at AS at, first_start.month AS month,
           age.age AS age, add_months(first_start.month, age.age + 1) AS month_ends_at, asked.observed_to AS observed_to
    FROM first_start
    JOIN asked ON first_start.starts_at >= asked.starts_at AND first_start.starts_at < asked.ends_at
    CROSS JOIN (SELECT unnest(generate_series(0, 36)) AS age) AS age
    WHERE add_months(first_start.month, age.age) < asked.observed_to
),
paid AS (
    SELECT aged.period AS period, aged.account_id AS account_id, aged.age AS age,
           CAST(sum(convert(held.mrr, held.currency, aged.month)) AS DECIMAL(38, 10)) AS mrr,
           min(CASE WHEN fx_rate(held.currency, aged.month) IS NULL THEN held.currency END) AS unpriced
    FROM aged
    JOIN account_mrr AS held
      ON held.account_id = aged.account_id AND held.starts_at < aged.month_ends_at AND (held.ends_at IS NULL OR held.ends_at >= aged.month_ends_at)
    GROUP BY aged.period, aged.account_id, aged.age
)
SELECT aged.period AS period, concat_ws('/', aged.account_id, aged.age) AS row_id, aged.account_id AS account_id, aged.at AS at,
       substr(CAST(local_day(aged.month) AS VARCHAR), 1, 7) AS cohort, lpad(CAST(aged.age AS VARCHAR), 2, '0') AS age,
       aged.month_ends_at AS month_ends_at, aged.month_ends_at > aged.observed_to AS immature,
       paid.account_id IS NOT NULL AS retained, coalesce(paid.mrr, 0) AS mrr, coalesce(start.mrr, 0) AS first_mrr,
       coalesce(paid.unpriced, start.unpriced) AS unpriced
FROM aged
LEFT JOIN paid ON paid.period = aged.period AND paid.account_id = aged.account_id AND paid.age = aged.age
LEFT JOIN paid AS start ON start.period = aged.period AND start.account_id = aged.account_id AND start.age = 0
