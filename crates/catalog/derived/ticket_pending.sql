-- One row a ticket that was pending before its last solve: for how long in all, in calendar and in business time. A ticket is pending from
-- the status event that says so to the next status event.
WITH status_event AS (
    SELECT ticket_id, at, status, lead(at) OVER (PARTITION BY ticket_id ORDER BY at, event_id) AS next_at
    FROM ticket_events
    WHERE kind = 'status' AND status IS NOT NULL
),
spell AS (
    SELECT history.ticket_id, history.schedules, greatest(status_event.at, history.created_at) AS starts_at,
           least(coalesce(status_event.next_at, history.last_solved_at), history.last_solved_at) AS ends_at
    FROM status_event
    JOIN ticket_history AS history ON history.ticket_id = status_event.ticket_id
    WHERE status_event.status = 'pending' AND status_event.at < history.last_solved_at
)
SELECT ticket_id AS ticket_id, sum(CAST(ends_at AS BIGINT) - CAST(starts_at AS BIGINT)) / 1000000 AS seconds,
       sum(business_seconds_across(schedules, starts_at, ends_at)) AS business
FROM spell
WHERE ends_at > starts_at
GROUP BY ticket_id
