-- One row a ticket: what happened to it, from its events; where it has none of a kind, from what the ticket itself states.
-- A reply is a public message by a person; agent-opened tickets wait for the second one, the first being the request.
WITH message AS (
    SELECT ticket_id, at, actor,
           row_number() OVER (PARTITION BY ticket_id ORDER BY at, event_id) AS number,
           row_number() OVER (PARTITION BY ticket_id, actor ORDER BY at, event_id) AS number_by_actor
    FROM ticket_events
    WHERE kind = 'message' AND public AND actor IN ('customer', 'agent')
),
conversation AS (
    SELECT ticket_id,
           count(*) FILTER (WHERE actor = 'agent') AS replies,
           count(*) FILTER (WHERE actor = 'customer' AND number > 1) AS follow_ups,
           min(at) FILTER (WHERE actor = 'agent' AND number_by_actor = 1) AS first_reply_at,
           min(at) FILTER (WHERE actor = 'agent' AND number_by_actor = 2) AS second_reply_at
    FROM message
    GROUP BY ticket_id
),
recorded AS (
    SELECT ticket_id, count(*) FILTER (WHERE kind = 'message') > 0 AS messages,
           count(*) FILTER (WHERE kind = 'status') > 0 AS statuses
    FROM ticket_events
    GROUP BY ticket_id
),
transition AS (
    SELECT ticket_id,
           min(at) FILTER (WHERE is_solve) AS first_solved_at,
           max(at) FILTER (WHERE is_solve) AS last_solved_at,
           count(*) FILTER (WHERE is_solve) AS solves,
           count(*) FILTER (WHERE NOT is_solve) AS reopenings
    FROM ticket_transitions
    GROUP BY ticket_id
),
wait AS (
    SELECT ticket_id, sum(seconds) AS seconds, sum(business) AS business,
           min(started_at) FILTER (WHERE replied_at IS NULL AND NOT closed_unanswered) AS waiting_since
    FROM ticket_waits
    GROUP BY ticket_id
)
SELECT ticket.ticket_id, ticket.account_id, ticket.requester_id, ticket.assignee_id, ticket.channel, ticket.category,
       ticket.priority, ticket.opened_by, ticket.is_spam, ticket.merged_into, ticket.escalated, ticket.created_at,
       CASE WHEN NOT coalesce(recorded.messages, false) THEN ticket.first_reply_at
            WHEN ticket.opened_by = 'agent' THEN conversation.second_reply_at
            ELSE conversation.first_reply_at END AS first_reply_at,
       recording.replies AS replies_recorded,
       recorded.ticket_id IS NOT NULL AND recording.messages
           AND (recorded.messages OR ticket.first_reply_at IS NULL) AS conversation_recorded,
       coalesce(conversation.replies, 0) AS replies,
       coalesce(conversation.follow_ups, 0) AS follow_ups,
       coalesce(recorded.statuses, false) AS statuses_recorded,
       coalesce(transition.reopenings, 0) AS reopenings,
       transition.first_solved_at, transition.last_solved_at,
       coalesce(transition.solves > transition.reopenings, false) AS is_solved,
       wait.seconds AS wait_seconds, wait.business AS wait_business, wait.waiting_since,
       schedule.schedules
FROM tickets AS ticket
CROSS JOIN ticket_recording AS recording
LEFT JOIN recorded ON recorded.ticket_id = ticket.ticket_id
LEFT JOIN conversation ON conversation.ticket_id = ticket.ticket_id
LEFT JOIN transition ON transition.ticket_id = ticket.ticket_id
LEFT JOIN wait ON wait.ticket_id = ticket.ticket_id
LEFT JOIN ticket_schedules AS schedule ON schedule.ticket_id = ticket.ticket_id
