-- One row a subscription line that begins within a week after another line of the same account and product ended: exactly one day later where an
-- export's last days are inclusive and the mapping did not turn them into the next day.
WITH follow_on AS (
    SELECT line, account_id, starts_at, lag(ends_at) OVER (PARTITION BY account_id, product ORDER BY starts_at, line) AS before_ends_at
    FROM mrr_lines
)
SELECT line AS row_id, account_id, starts_at AS at, local_day(starts_at) = local_day(add_days(before_ends_at, 1)) AS one_day_apart
FROM follow_on
WHERE before_ends_at <= starts_at AND starts_at <= add_days(before_ends_at, 7)
