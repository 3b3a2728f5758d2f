-- One row an account and local day on which its lines changed: how many were in force before and after, over all currencies. Decides
-- everywhere who is a customer: whoever has a paid line in force.
WITH day AS (
    SELECT account_id, day, sum(lines) AS change FROM mrr_days GROUP BY account_id, day
),
counted AS (
    SELECT account_id, day, change, sum(change) OVER (PARTITION BY account_id ORDER BY day) AS lines_after FROM day
)
SELECT account_id, day, lines_after, lines_after - change AS lines_before
FROM counted
