-- One row an asked period: what an account that pays one a month is worth over five years, by the lives of all customers until the close,
-- with margin and discount; its interval, the share of it that lies beyond the longest life, and how many lives have ended. Null where
-- none has.
WITH company AS (
    SELECT period, lifetimes(row_id, months, ended, 1) AS lives, count(*) FILTER (WHERE ended) AS lost
    FROM customer_lives
    GROUP BY period
)
SELECT period AS period, lifetime_value(lives, $margin, $discount_rate, 60) AS factor,
       get_field(lifetime_value_interval(lives, $margin, $discount_rate, 60), 'low') AS factor_low,
       get_field(lifetime_value_interval(lives, $margin, $discount_rate, 60), 'high') AS factor_high,
       lifetime_value_tail_share(lives, $margin, $discount_rate, 60) AS tail_share, lost AS lost
FROM company
