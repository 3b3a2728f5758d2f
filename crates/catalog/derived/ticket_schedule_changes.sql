-- One row a change of the business hours that apply to a ticket, its first ones included (a null name is the default schedule).
-- A schedule set within five seconds of creation is the first one: helpdesks write it just after the ticket.
WITH numbered AS (
    SELECT ticket_id, at, schedule,
           row_number() OVER (PARTITION BY ticket_id, at ORDER BY event_id DESC) AS newest_at_once,
           min(at) OVER (PARTITION BY ticket_id) AS first_at
    FROM ticket_events
    WHERE kind = 'schedule'
)
SELECT ticket_id, at, schedule
FROM numbered
WHERE newest_at_once = 1
UNION ALL
SELECT ticket.ticket_id, ticket.created_at, ticket.schedule
FROM tickets AS ticket
LEFT JOIN (SELECT ticket_id, min(first_at) AS first_at FROM numbered GROUP BY ticket_id) AS change
       ON change.ticket_id = ticket.ticket_id
WHERE change.first_at IS NULL OR change.first_at > ticket.created_at + INTERVAL '5 seconds'
