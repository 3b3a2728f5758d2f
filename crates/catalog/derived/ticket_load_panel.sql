-- One row a period, account and stretch of it during which its attributes stay, with tickets or days as a customer: tickets created in
-- it; days at whose end the account was an active customer, and its paid seats summed over these days. Tickets that do not count are
-- rows of their own.
WITH ticket AS (
    SELECT asked_days.period, tickets.ticket_id, tickets.account_id, tickets.created_at, tickets.is_spam,
           tickets.merged_into IS NOT NULL AS is_merged
    FROM tickets
    JOIN asked_days ON tickets.created_at >= asked_days.starts_at AND tickets.created_at < asked_days.ends_at
),
holding AS (
    SELECT account_id, starts_at, ends_at, 1 AS customers, CAST(0 AS decimal(38, 6)) AS seats FROM customer_spans
    UNION ALL
    SELECT account_id, starts_at, ends_at, 0 AS customers, CAST(coalesce(seats, quantity) AS decimal(38, 6)) AS seats
    FROM mrr_lines
),
held AS (
    SELECT asked_days.period, holding.account_id, stretch.starts_at AS stretch_from, holding.customers, holding.seats,
           least(asked_days.last_day, CAST(local_day(holding.ends_at) AS int) - 1, CAST(local_day(stretch.ends_at) AS int) - 1)
           - greatest(asked_days.first_day, CAST(local_day(holding.starts_at) AS int), CAST(local_day(stretch.starts_at) AS int))
           + 1 AS days
    FROM holding
    JOIN asked_days
      ON holding.starts_at < asked_days.ends_at AND (holding.ends_at IS NULL OR holding.ends_at > asked_days.starts_at)
    LEFT JOIN account_stretches AS stretch
      ON stretch.account_id = holding.account_id
     AND stretch.starts_at < asked_days.ends_at AND (stretch.ends_at IS NULL OR stretch.ends_at > asked_days.starts_at)
),
piece AS (
    SELECT ticket.period, ticket.account_id, stretch.starts_at AS stretch_from, 1 AS tickets, 0 AS customer_days,
           CAST(0 AS decimal(38, 6)) AS seat_days
    FROM ticket
    LEFT JOIN account_stretches AS stretch
      ON stretch.account_id = ticket.account_id
     AND stretch.starts_at <= ticket.created_at AND (stretch.ends_at IS NULL OR stretch.ends_at > ticket.created_at)
    WHERE NOT ticket.is_spam AND NOT ticket.is_merged
    UNION ALL
    SELECT period, account_id, stretch_from, 0 AS tickets, days * customers AS customer_days, days * seats AS seat_days
    FROM held
    WHERE days > 0
),
load AS (
    SELECT piece.period, piece.account_id, greatest(asked_days.starts_at, piece.stretch_from) AS as_of,
           sum(piece.tickets) AS tickets, sum(piece.customer_days) AS customer_days, sum(piece.seat_days) AS seat_days,
           max(greatest(asked_days.last_day - asked_days.first_day + 1, 0)) AS days
    FROM piece
    JOIN asked_days ON asked_days.period = piece.period
    GROUP BY piece.period, piece.account_id, greatest(asked_days.starts_at, piece.stretch_from)
)
SELECT period, account_id, concat_ws('/', coalesce(account_id, 'nobody known'), as_of) AS row_id, as_of AS as_of,
       false AS is_spam, false AS is_merged, tickets, customer_days, seat_days, days
FROM load
UNION ALL
SELECT period, account_id, ticket_id, created_at, is_spam, is_merged, 0, 0, CAST(0 AS decimal(38, 6)), 0
FROM ticket
WHERE is_spam OR is_merged
