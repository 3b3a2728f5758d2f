-- one row a period and account with people or lines in force: its people in the thirty days to the close, each where last seen, and its
-- paid seats at the close
WITH seated AS (
    SELECT asked.period, mrr_lines.account_id, sum(coalesce(mrr_lines.seats, mrr_lines.quantity)) AS seats
    FROM mrr_lines
    JOIN asked ON mrr_lines.starts_at <= asked.closing AND (mrr_lines.ends_at IS NULL OR mrr_lines.ends_at > asked.closing)
    GROUP BY asked.period, mrr_lines.account_id
),
piece AS (
    SELECT period, account_id, 1 AS people, CAST(NULL AS decimal(38, 6)) AS seats FROM recent_people
    UNION ALL
    SELECT period, account_id, 0 AS people, CAST(seats AS decimal(38, 6)) AS seats FROM seated
)
SELECT period, account_id, sum(people) AS people, sum(seats) AS seats
FROM piece
GROUP BY period, account_id
