-- one row a period, feature known by its end and account: a customer in the period, or an account that used it
WITH customer AS (
    SELECT DISTINCT asked.period, span.account_id
    FROM customer_spans AS span
    JOIN asked ON span.starts_at < asked.ends_at AND (span.ends_at IS NULL OR span.ends_at > asked.starts_at)
),
known AS (
    SELECT feature, min(CAST(day AS int)) AS first_day
    FROM usage_days
    WHERE feature IS NOT NULL
    GROUP BY feature
),
used AS (
    SELECT asked_days.period, usage_days.account_id, usage_days.feature, usage_days.events
    FROM usage_days
    JOIN asked_days ON CAST(usage_days.day AS int) BETWEEN asked_days.first_day AND asked_days.closing_day
    WHERE usage_days.feature IS NOT NULL
),
piece AS (
    SELECT customer.period, customer.account_id, known.feature, true AS is_customer, 0 AS events
    FROM customer
    JOIN asked_days ON asked_days.period = customer.period
    JOIN known ON known.first_day <= asked_days.closing_day
    UNION ALL
    SELECT period, account_id, feature, false AS is_customer, events FROM used
)
SELECT period,
       account_id,
       feature,
       concat_ws('/', account_id, feature) AS row_id,
       bool_or(is_customer) AS is_customer,
       sum(events) AS events
FROM piece
GROUP BY period, account_id, feature
