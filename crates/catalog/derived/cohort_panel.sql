-- One row an asked period, account that first became a customer in it, and age in whole calendar months: whether it is still a customer at the
-- close of the month of that age, what it paid at the end of the day it began and what it pays at that close, both at the rates with
-- which its first month opened. Cells that observed_to has not passed say so.
WITH first_start AS (
    SELECT asked.period AS period, span.account_id AS account_id, span.starts_at AS at, local_month_start(span.starts_at) AS month,
           asked.observed_to AS observed_to
    FROM customer_spans AS span
    JOIN asked ON span.starts_at >= asked.starts_at AND span.starts_at < asked.ends_at
    WHERE span.number = 1 AND local_month_start(span.starts_at) < asked.observed_to
),
dated AS (
    SELECT *, month - INTERVAL '1 microsecond' AS opening,
           -- Two digits, or more where some cohort asked for is a hundred months old: ages sort as text.
           greatest(2, length(CAST(max(months_between(month, observed_to)) OVER () AS VARCHAR))) AS digits
    FROM first_start
),
numbered AS (
    SELECT dated.*, unnest(generate_series(0, months_between(month, observed_to))) AS age
    FROM dated
),
aged AS (
    SELECT numbered.*, add_months(month, age + 1) AS month_ends_at
    FROM numbered
    WHERE add_months(month, age) < observed_to
),
base AS (
    SELECT dated.period AS period, dated.account_id AS account_id,
           CAST(sum(convert(held.mrr, held.currency, dated.opening)) AS DECIMAL(38, 10)) AS mrr,
           min(CASE WHEN fx_rate(held.currency, dated.opening) IS NULL THEN held.currency END) AS unpriced
    FROM dated
    JOIN account_mrr AS held
      ON held.account_id = dated.account_id AND held.starts_at <= dated.at AND (held.ends_at IS NULL OR held.ends_at > dated.at)
    GROUP BY dated.period, dated.account_id
),
paid AS (
    SELECT aged.period AS period, aged.account_id AS account_id, aged.age AS age,
           CAST(sum(convert(held.mrr, held.currency, aged.opening)) AS DECIMAL(38, 10)) AS mrr,
           min(CASE WHEN fx_rate(held.currency, aged.opening) IS NULL THEN held.currency END) AS unpriced
    FROM aged
    JOIN account_mrr AS held
      ON held.account_id = aged.account_id AND held.starts_at < aged.month_ends_at AND (held.ends_at IS NULL OR held.ends_at >= aged.month_ends_at)
    GROUP BY aged.period, aged.account_id, aged.age
),
staying AS (
    SELECT DISTINCT aged.period AS period, aged.account_id AS account_id, aged.age AS age
    FROM aged
    JOIN customer_spans AS span
      ON span.account_id = aged.account_id AND span.starts_at < aged.month_ends_at AND (span.ends_at IS NULL OR span.ends_at >= aged.month_ends_at)
)
SELECT aged.period AS period, concat_ws('/', aged.account_id, aged.age) AS row_id, aged.account_id AS account_id, aged.at AS at,
       substr(CAST(local_day(aged.month) AS VARCHAR), 1, 7) AS cohort, lpad(CAST(aged.age AS VARCHAR), aged.digits, '0') AS age,
       aged.month_ends_at AS month_ends_at, aged.month_ends_at > aged.observed_to AS immature,
       staying.account_id IS NOT NULL AS retained, coalesce(paid.mrr, 0) AS mrr, coalesce(base.mrr, 0) AS first_mrr,
       coalesce(base.unpriced, paid.unpriced) AS unpriced
FROM aged
LEFT JOIN base ON base.period = aged.period AND base.account_id = aged.account_id
LEFT JOIN paid ON paid.period = aged.period AND paid.account_id = aged.account_id AND paid.age = aged.age
LEFT JOIN staying ON staying.period = aged.period AND staying.account_id = aged.account_id AND staying.age = aged.age
