-- The last day of service is inclusive in the export. Corrections have the last word.
CREATE TEMP TABLE staged_subscriptions AS
SELECT * EXCLUDE (price, percent, off, service_start, service_last_day),
       CASE WHEN subscription_id IS NULL THEN 'subscription_id is missing'
            WHEN account_id IS NULL THEN 'account_id is missing'
            WHEN unit_price IS NULL OR unit_price < 0 THEN concat('unit_price is missing, unreadable or negative: ', price)
            WHEN discount_percent NOT BETWEEN 0 AND 100 OR unread(percent, discount_percent) THEN 'discount_percent is out of range'
            WHEN discount_amount < 0 OR unread(off, discount_amount) THEN 'discount_amount is out of range'
            WHEN "interval" NOT IN ('day', 'week', 'month', 'quarter', 'year') THEN 'interval is unknown'
            WHEN started_at IS NULL THEN concat('started_at is missing or unreadable: ', service_start)
            WHEN unread(service_last_day, ended_at) THEN concat('ended_at is unreadable: ', service_last_day)
            WHEN ended_at <= started_at THEN 'ended_at is not after started_at'
            WHEN discount_to <= discount_from THEN 'discount_to is not after discount_from'
            WHEN paused_to <= paused_from THEN 'paused_to is not after paused_from'
            WHEN past_due_to <= past_due_from THEN 'past_due_to is not after past_due_from' END AS fault
FROM (
    SELECT subscription AS subscription_id, coalesce(line, '') AS line_id, customer AS account_id, product, plan,
           try_cast(plan_rank AS BIGINT) AS tier, coalesce(try_cast(qty AS DECIMAL(18, 6)), 1) AS quantity,
           try_cast(seats AS DECIMAL(18, 6)) AS seats, try_cast(price AS DECIMAL(18, 6)) AS unit_price, coalesce(ccy, 'USD') AS currency,
           CASE cycle WHEN 'weekly' THEN 'week' WHEN 'monthly' THEN 'month' WHEN 'quarterly' THEN 'quarter' WHEN 'yearly' THEN 'year'
                      ELSE coalesce(cycle, 'month') END AS "interval",
           try_cast(pct_off AS DECIMAL(18, 6)) AS discount_percent, try_cast(amount_off AS DECIMAL(18, 6)) AS discount_amount,
           local(off_from) AS discount_from, local(off_until) AS discount_to,
           CASE charge WHEN 'usage' THEN 'metered' ELSE coalesce(charge, 'recurring') END AS kind, local(trial_until) AS trial_ends_at,
           local(paused_from) AS paused_from, local(paused_until) AS paused_to,
           local(unpaid_from) AS past_due_from, local(unpaid_until) AS past_due_to,
           local(service_start) AS started_at, local(try_cast(service_last_day AS DATE) + INTERVAL 1 DAY) AS ended_at,
           local(cancel_requested) AS end_requested_at, cancel_reason AS end_reason,
           CASE cancel_kind WHEN 'voluntary' THEN true WHEN 'involuntary' THEN false END AS end_voluntary,
           filename LIKE '%corrections.csv' AS later, price, pct_off AS percent, amount_off AS off, service_start, service_last_day
    FROM read_csv($exports || '/billing/subscriptions*.csv', all_varchar = true, filename = true)
);

CREATE TEMP TABLE staged_invoices AS
SELECT * EXCLUDE (net),
       CASE WHEN invoice_id IS NULL THEN 'invoice_id is missing'
            WHEN amount IS NULL THEN concat('amount is missing or unreadable: ', net)
            WHEN issued_at IS NULL THEN 'issued_at is missing or unreadable' END AS fault
FROM (
    SELECT number AS invoice_id, coalesce(pos, '') AS line_id, customer AS account_id, subscription AS subscription_id, item AS product,
           coalesce("type", 'recurring') AS kind, try_cast(net AS DECIMAL(18, 6)) AS amount, coalesce(ccy, 'USD') AS currency,
           local(try_strptime(issued, '%d-%m-%Y')) AS issued_at, local(try_strptime(paid, '%d-%m-%Y')) AS paid_at, state AS status, net
    FROM read_csv($exports || '/billing/invoices.csv', all_varchar = true)
);

CREATE TEMP TABLE staged_contracts AS
SELECT * EXCLUDE (until),
       CASE WHEN contract_id IS NULL THEN 'contract_id is missing'
            WHEN account_id IS NULL THEN 'account_id is missing'
            WHEN "value" < 0 THEN 'value is negative'
            WHEN started_at IS NULL THEN 'started_at is missing or unreadable'
            WHEN ends_at IS NULL THEN concat('ends_at is missing or unreadable: ', until)
            WHEN ends_at <= started_at THEN 'ends_at is not after started_at' END AS fault
FROM (
    SELECT contract AS contract_id, customer AS account_id, product, try_cast(months AS BIGINT) AS term_months,
           try_cast(yearly_value AS DECIMAL(18, 6)) AS "value", coalesce(ccy, 'USD') AS currency, local("from") AS started_at,
           local(until) AS ends_at, local("terminated") AS terminated_at, local(signed) AS signed_at, renews AS renewal_of,
           yes_no(auto_renewal) AS auto_renew, reason AS end_reason, until
    FROM read_csv($exports || '/billing/contracts.csv', all_varchar = true)
);
