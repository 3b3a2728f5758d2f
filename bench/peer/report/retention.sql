-- Customers of twelve months ago, then and now, at the rates of then.
INSERT INTO figures
WITH panel AS (
    SELECT asked.month, held.account_id,
           sum(CASE WHEN held.starts < asked.year_opens AND (held.ends IS NULL OR held.ends >= asked.year_opens)
                    THEN held.mrr * rate.rate ELSE 0 END) AS opening,
           sum(CASE WHEN held.starts < asked.closes AND (held.ends IS NULL OR held.ends >= asked.closes)
                    THEN held.mrr * rate.rate ELSE 0 END) AS closing,
           bool_or(held.starts < asked.year_opens AND (held.ends IS NULL OR held.ends >= asked.year_opens)) AS was_customer
    FROM asked
    JOIN held ON held.starts < asked.closes AND (held.ends IS NULL OR held.ends >= asked.year_opens)
    ASOF JOIN rate ON rate.currency = held.currency AND asked.year_opens - 1 >= rate.day
    GROUP BY asked.month, held.account_id
),
total AS (
    SELECT month, sum(closing) / sum(opening) AS nrr, sum(least(opening, closing)) / sum(opening) AS grr
    FROM panel WHERE was_customer GROUP BY month
)
SELECT metric, month, NULL, NULL, "value" FROM (UNPIVOT total ON nrr, grr INTO NAME metric VALUE "value");

INSERT INTO figures
WITH present AS (
    SELECT asked.month, customer.account_id
    FROM asked
    JOIN customer ON customer.lines > 0 AND customer.day < asked.opens AND (customer.next_day IS NULL OR customer.next_day >= asked.opens)
),
close AS (
    SELECT asked.month, customer.account_id
    FROM asked
    JOIN customer ON customer.lines > 0 AND customer.day < asked.closes AND (customer.next_day IS NULL OR customer.next_day >= asked.closes)
)
SELECT 'logo_churn_rate', present.month, NULL, NULL, count(*) FILTER (WHERE close.account_id IS NULL) / count(*)
FROM present LEFT JOIN close ON close.month = present.month AND close.account_id = present.account_id
GROUP BY present.month;
