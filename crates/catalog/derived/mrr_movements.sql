-- One row an account and day on which its MRR moved: new, reactivation, expansion, contraction or churn, with the amount in the
-- workspace's currency at that day's rate. A day's changes are netted. A missing rate leaves the amount null and names the currency. Of who
-- came back: how many local days they were away. A change from one currency to another, one of them without a rate, may be either: it
-- stands under expansion and under contraction, so that neither is told without it.
WITH priced AS (
    SELECT account_id, day, CAST(sum(convert(mrr, currency, day_start(day))) AS DECIMAL(38, 10)) AS change, sum(mrr) AS native_change,
           count(*) FILTER (WHERE mrr <> 0) AS currencies,
           min(CASE WHEN mrr <> 0 AND fx_rate(currency, day_start(day)) IS NULL THEN currency END) AS unpriced
    FROM mrr_days
    GROUP BY account_id, day
),
money AS (
    SELECT account_id, day, unpriced, CASE WHEN unpriced IS NULL THEN change END AS change,
           -- Without a rate the amount is not known, but in one currency its direction is.
           CASE WHEN unpriced IS NULL THEN change WHEN currencies = 1 THEN native_change END AS direction
    FROM priced
),
either AS (
    SELECT 'expansion' AS movement UNION ALL SELECT 'contraction'
),
ending AS (
    SELECT account_id, local_day(ends_at) AS day, max(end_reason) AS reason, bool_and(end_voluntary) AS voluntary
    FROM mrr_lines
    WHERE ends_at IS NOT NULL
    GROUP BY account_id, local_day(ends_at)
),
starting AS (
    SELECT account_id, starts_at, number,
           CAST(local_day(starts_at) AS int)
               - CAST(local_day(lag(ends_at) OVER (PARTITION BY account_id ORDER BY number)) AS int) AS away_days
    FROM customer_spans
),
leaving AS (
    SELECT account_id, ends_at FROM customer_spans WHERE ends_at IS NOT NULL
),
classed AS (
    SELECT customer.account_id, customer.day, money.change, money.unpriced,
           CASE WHEN starting.account_id IS NOT NULL AND starting.number = 1 THEN 'new'
                WHEN starting.account_id IS NOT NULL THEN 'reactivation'
                WHEN leaving.account_id IS NOT NULL THEN 'churn'
                WHEN money.direction > 0 THEN 'expansion'
                WHEN money.direction < 0 THEN 'contraction'
                WHEN money.direction IS NULL THEN 'either' END AS movement,
           starting.away_days,
           CASE WHEN leaving.account_id IS NOT NULL THEN ending.reason END AS reason,
           CASE WHEN leaving.account_id IS NOT NULL AND ending.voluntary IS NOT NULL
                THEN CASE WHEN ending.voluntary THEN 'voluntary' ELSE 'involuntary' END END AS voluntary
    FROM customer_days AS customer
    JOIN money ON money.account_id = customer.account_id AND money.day = customer.day
    LEFT JOIN starting ON starting.account_id = customer.account_id AND starting.starts_at = day_start(customer.day)
    LEFT JOIN leaving ON leaving.account_id = customer.account_id AND leaving.ends_at = day_start(customer.day)
    LEFT JOIN ending ON ending.account_id = customer.account_id AND ending.day = customer.day
)
SELECT concat_ws('/', classed.account_id, classed.day) AS row_id, classed.account_id AS account_id, day_start(classed.day) AS at,
       coalesce(either.movement, classed.movement) AS movement,
       CASE WHEN classed.movement IN ('contraction', 'churn') THEN -classed.change ELSE classed.change END AS amount,
       classed.change AS change, classed.unpriced AS unpriced, classed.away_days AS away_days, classed.reason AS reason,
       classed.voluntary AS voluntary
FROM classed
LEFT JOIN either ON classed.movement = 'either'
WHERE classed.movement IS NOT NULL
