-- One row a stretch during which an account is an active customer: from the day its first paid line begins to the day none is left. A
-- gap of up to churn_grace_days does not end it.
WITH edge AS (
    SELECT account_id, day, lines_after > 0 AS begins
    FROM customer_days
    WHERE (lines_after > 0) <> (lines_before > 0)
),
span AS (
    SELECT account_id, begins, day AS starts_on,
           lead(day) OVER (PARTITION BY account_id ORDER BY day) AS ends_on,
           lag(day) OVER (PARTITION BY account_id ORDER BY day) AS left_on
    FROM edge
),
run AS (
    SELECT account_id, starts_on, ends_on,
           sum(CASE WHEN left_on IS NULL OR day_start(starts_on) > add_days(day_start(left_on), $churn_grace_days) THEN 1 ELSE 0 END)
               OVER (PARTITION BY account_id ORDER BY starts_on) AS number
    FROM span
    WHERE begins
)
SELECT account_id, number, day_start(min(starts_on)) AS starts_at,
       CASE WHEN count(*) = count(ends_on) THEN day_start(max(ends_on)) END AS ends_at
FROM run
GROUP BY account_id, number
