-- One row an account and day on which its MRR moved: new, reactivation, expansion, contraction or churn, with the amount in the
-- workspace's currency at that day's rate. A day's changes are netted. A missing rate leaves the amount null and names the currency. Of who
-- came back: how many local days they were away.
WITH money AS (
    SELECT account_id, day, CAST(sum(convert(mrr, currency, day_start(day))) AS DECIMAL(38, 10)) AS change, sum(mrr) AS native_change,
           min(CASE WHEN mrr <> 0 AND fx_rate(currency, day_start(day)) IS NULL THEN currency END) AS unpriced
    FROM mrr_days
    GROUP BY account_id, day
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
                -- Without a rate the amount is not known, but its direction is: in the account's own currency.
                WHEN CASE WHEN money.unpriced IS NULL THEN money.change ELSE money.native_change END > 0 THEN 'expansion'
                WHEN CASE WHEN money.unpriced IS NULL THEN money.change ELSE money.native_change END < 0 THEN 'contraction' END AS movement,
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
SELECT concat_ws('/', account_id, day) AS row_id, account_id, day_start(day) AS at, movement,
       CASE WHEN movement IN ('contraction', 'churn') THEN -change ELSE change END AS amount,
       change, unpriced, away_days, reason, voluntary
FROM classed
WHERE movement IS NOT NULL
