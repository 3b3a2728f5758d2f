-- Recurring lines cut where a trial, discount or pause begins or ends; then netted by account, currency and day.
CREATE TEMP TABLE changes AS
WITH line AS (
    SELECT subscriptions.* REPLACE (coalesce(owner.owner, subscriptions.account_id) AS account_id),
           day_of(greatest(started_at, coalesce(trial_ends_at, started_at))) AS paid_from, day_of(ended_at) AS paid_to,
           day_of(discount_from) AS off_from, day_of(discount_to) AS off_to, day_of(paused_from) AS still_from, day_of(paused_to) AS still_to
    FROM subscriptions LEFT JOIN owner ON owner.account_id = subscriptions.account_id
    WHERE kind = 'recurring'
),
stretch AS (
    SELECT *, coalesce(lead(starts) OVER (PARTITION BY subscription_id, line_id ORDER BY starts), paid_to) AS ends
    FROM (SELECT DISTINCT ON (subscription_id, line_id, starts) line.*, unnest([paid_from, off_from, off_to, still_from, still_to]) AS starts
          FROM line)
    WHERE starts >= paid_from AND (paid_to IS NULL OR starts < paid_to)
),
worth AS (
    SELECT *, CASE "interval" WHEN 'day' THEN 365.0 / 12 WHEN 'week' THEN 52.0 / 12 WHEN 'month' THEN 1.0 WHEN 'quarter' THEN 1.0 / 3
                              WHEN 'year' THEN 1.0 / 12 END::DOUBLE AS monthly,
           still_from <= starts AND (still_to IS NULL OR starts < still_to) AS still,
           (discount_percent IS NOT NULL OR discount_amount IS NOT NULL)
               AND (off_from IS NULL OR off_from <= starts) AND (off_to IS NULL OR starts < off_to) AS discounted
    FROM stretch
),
priced AS (
    SELECT account_id, currency, starts, ends,
           CAST(CASE WHEN still THEN 0
                     WHEN discounted THEN greatest(monthly * (unit_price * quantity * (1 - coalesce(discount_percent, 0) / 100)
                                                              - coalesce(discount_amount, 0)), 0)
                     ELSE monthly * unit_price * quantity END AS DECIMAL(38, 10)) AS mrr
    FROM worth
)
SELECT account_id, currency, day, sum(lines) AS lines, sum(mrr) AS mrr
FROM (SELECT account_id, currency, starts AS day, 1 AS lines, mrr FROM priced
      UNION ALL SELECT account_id, currency, ends, -1, -mrr FROM priced WHERE ends IS NOT NULL)
GROUP BY ALL;

-- What an account pays in a currency, from day to day; and whether it is a customer at all.
CREATE TEMP TABLE held AS
SELECT * FROM (
    SELECT account_id, currency, day AS starts, lead(day) OVER by_day AS ends, sum(lines) OVER by_day AS lines, sum(mrr) OVER by_day AS mrr
    FROM changes WINDOW by_day AS (PARTITION BY account_id, currency ORDER BY day)
) WHERE lines > 0;

CREATE TEMP TABLE customer AS
SELECT account_id, day, lead(day) OVER by_day AS next_day, lines, lines - change AS lines_before,
       coalesce(max(lines) OVER (PARTITION BY account_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) > 0 AS was_customer
FROM (SELECT account_id, day, sum(lines) AS change, sum(sum(lines)) OVER (PARTITION BY account_id ORDER BY day) AS lines
      FROM changes GROUP BY account_id, day)
WINDOW by_day AS (PARTITION BY account_id ORDER BY day);

INSERT INTO figures
SELECT 'mrr', asked.month, NULL, NULL, sum(held.mrr * rate.rate)
FROM asked
JOIN held ON held.starts < asked.closes AND (held.ends IS NULL OR held.ends >= asked.closes)
ASOF JOIN rate ON rate.currency = held.currency AND asked.closes - 1 >= rate.day
GROUP BY asked.month;

INSERT INTO figures
SELECT 'active_customers', asked.month, NULL, NULL, count(*)
FROM asked
JOIN customer ON customer.lines > 0 AND customer.day < asked.closes AND (customer.next_day IS NULL OR customer.next_day >= asked.closes)
GROUP BY asked.month;

INSERT INTO figures
WITH money AS (
    SELECT changes.account_id, changes.day, sum(changes.mrr * rate.rate) AS change
    FROM changes ASOF JOIN rate ON rate.currency = changes.currency AND changes.day >= rate.day
    GROUP BY changes.account_id, changes.day
),
classed AS (
    SELECT customer.day, money.change,
           CASE WHEN lines > 0 AND lines_before = 0 AND NOT was_customer THEN 'new_mrr'
                WHEN lines > 0 AND lines_before = 0 THEN 'reactivation_mrr'
                WHEN lines = 0 AND lines_before > 0 THEN 'churned_mrr'
                WHEN money.change > 0 THEN 'expansion_mrr'
                WHEN money.change < 0 THEN 'contraction_mrr' END AS movement
    FROM customer JOIN money ON money.account_id = customer.account_id AND money.day = customer.day
),
kind AS (
    SELECT unnest(['new_mrr', 'reactivation_mrr', 'churned_mrr', 'expansion_mrr', 'contraction_mrr']) AS movement
)
SELECT kind.movement, asked.month, NULL, NULL,
       coalesce(sum(CASE WHEN kind.movement IN ('churned_mrr', 'contraction_mrr') THEN -change ELSE change END), 0)
FROM asked CROSS JOIN kind
LEFT JOIN classed ON classed.movement = kind.movement AND classed.day >= asked.opens AND classed.day < asked.closes
GROUP BY kind.movement, asked.month;

INSERT INTO figures
WITH stretch AS (
    SELECT asked.month, held.currency, held.mrr, greatest(held.starts, asked.opens - 1) AS from_day,
           least(coalesce(held.ends, asked.closes - 1), asked.closes - 1) AS to_day
    FROM asked
    JOIN held ON held.starts < asked.closes AND (held.ends IS NULL OR held.ends >= asked.opens)
    WHERE held.currency <> 'USD'
)
SELECT 'fx_mrr', stretch.month, NULL, NULL, sum(stretch.mrr * later.rate - stretch.mrr * earlier.rate)
FROM stretch
ASOF JOIN rate AS earlier ON earlier.currency = stretch.currency AND stretch.from_day >= earlier.day
ASOF JOIN rate AS later ON later.currency = stretch.currency AND stretch.to_day >= later.day
GROUP BY stretch.month;
