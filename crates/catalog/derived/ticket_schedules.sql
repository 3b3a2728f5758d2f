-- One row a ticket: the business hours that applied to it, as a list of instants and schedules (a null name is the default one).
-- A schedule set within five seconds of creation is the first one: helpdesks write it just after the ticket.
WITH numbered AS (
    SELECT ticket_id, at, schedule,
           row_number() OVER (PARTITION BY ticket_id, at ORDER BY event_id DESC) AS newest_at_once,
           min(at) OVER (PARTITION BY ticket_id) AS first_at
    FROM ticket_events
    WHERE kind = 'schedule'
),
in_force AS (
    SELECT ticket_id, at, schedule
    FROM numbered
    WHERE newest_at_once = 1
    UNION ALL
    SELECT ticket.ticket_id, ticket.created_at, ticket.schedule
    FROM tickets AS ticket
    LEFT JOIN (SELECT ticket_id, min(first_at) AS first_at FROM numbered GROUP BY ticket_id) AS change
           ON change.ticket_id = ticket.ticket_id
    WHERE change.first_at IS NULL OR change.first_at > ticket.created_at + INTERVAL '5 seconds'
)
SELECT ticket_id, array_agg(named_struct('at', at, 'schedule', schedule)) AS schedules
FROM in_force
GROUP BY ticket_id
