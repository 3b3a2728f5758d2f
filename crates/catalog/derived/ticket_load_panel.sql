-- one row a period and account with tickets or days as a customer: tickets created in the period; days at whose end the account
-- was an active customer, and its paid seats summed over these days
WITH ticket AS (
    SELECT asked.period, tickets.account_id,
           CASE WHEN tickets.is_spam OR tickets.merged_into IS NOT NULL THEN 0 ELSE 1 END AS counted
    FROM tickets
    JOIN asked ON tickets.created_at >= asked.starts_at AND tickets.created_at < asked.ends_at
),
stretch AS (
    SELECT account_id, starts_at, ends_at, 1 AS customers, CAST(0 AS decimal(38, 6)) AS seats FROM customer_spans
    UNION ALL
    SELECT account_id, starts_at, ends_at, 0 AS customers, CAST(coalesce(seats, quantity) AS decimal(38, 6)) AS seats
    FROM mrr_lines
),
held AS (
    SELECT asked_days.period, stretch.account_id, stretch.customers, stretch.seats,
           least(asked_days.last_day, CAST(local_day(stretch.ends_at) AS int) - 1)
           - greatest(asked_days.first_day, CAST(local_day(stretch.starts_at) AS int)) + 1 AS days
    FROM stretch
    JOIN asked_days
      ON stretch.starts_at < asked_days.ends_at AND (stretch.ends_at IS NULL OR stretch.ends_at > asked_days.starts_at)
),
piece AS (
    SELECT period, account_id, counted AS tickets, 1 - counted AS left_out, 0 AS customer_days,
           CAST(0 AS decimal(38, 6)) AS seat_days
    FROM ticket
    UNION ALL
    SELECT period, account_id, 0 AS tickets, 0 AS left_out, days * customers AS customer_days, days * seats AS seat_days
    FROM held
    WHERE days > 0
)
SELECT piece.period AS period,
       piece.account_id AS account_id,
       sum(piece.tickets) AS tickets,
       sum(piece.left_out) AS left_out,
       sum(piece.customer_days) AS customer_days,
       sum(piece.seat_days) AS seat_days,
       max(greatest(asked_days.last_day - asked_days.first_day + 1, 0)) AS days
FROM piece
JOIN asked_days ON asked_days.period = piece.period
GROUP BY piece.period, piece.account_id
