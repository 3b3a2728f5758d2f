-- One row a solve or a reopening of a ticket: the status events by which it enters or leaves "solved or closed".
-- So closing a solved ticket is no second solve. Ties of time are settled by event_id.
-- Of a ticket without status events: the solve that the ticket itself states.
WITH status_event AS (
    SELECT ticket_id, event_id, at, status IN ('solved', 'closed') AS is_solved,
           lag(status IN ('solved', 'closed')) OVER (PARTITION BY ticket_id ORDER BY at, event_id) AS was_solved
    FROM ticket_events
    WHERE kind = 'status' AND status IS NOT NULL
)
SELECT ticket_id, event_id, at, is_solved AS is_solve
FROM status_event
WHERE is_solved <> coalesce(was_solved, false)
UNION ALL
SELECT ticket.ticket_id, '' AS event_id, ticket.solved_at, true AS is_solve
FROM tickets AS ticket
WHERE ticket.solved_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM status_event WHERE status_event.ticket_id = ticket.ticket_id)
