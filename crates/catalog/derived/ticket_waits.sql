-- One row a wait of a customer: from the first unanswered message of theirs to the next public reply by a person.
-- Notes, bots and further messages meanwhile change nothing. The request itself is the first message, whether or not the export repeats it.
-- The clock restarts on reopening: a wait that ended in a solve stays unanswered, and the reply after it belongs to the new wait.
-- Of a ticket without messages: from creation to the first reply that the ticket itself states.
WITH happening AS (
    SELECT ticket_id, event_id, at, false AS is_status, CASE actor WHEN 'customer' THEN 'customer' ELSE 'reply' END AS what
    FROM ticket_events
    WHERE kind = 'message' AND public AND actor IN ('customer', 'agent')
    UNION ALL
    SELECT ticket_id, event_id, at, true, CASE WHEN is_solve THEN 'solve' ELSE 'reopening' END
    FROM ticket_transitions
    UNION ALL
    SELECT ticket_id, '', created_at, false, 'customer'
    FROM tickets
    WHERE opened_by <> 'agent'
    UNION ALL
    SELECT ticket.ticket_id, '', ticket.first_reply_at, false, 'reply'
    FROM tickets AS ticket
    WHERE ticket.first_reply_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM ticket_events AS message
                      WHERE message.ticket_id = ticket.ticket_id AND message.kind = 'message')
),
-- At one instant a message comes before a change of status: who replies and solves in one go has replied.
in_order AS (
    SELECT ticket_id, event_id, at, is_status, what,
           lead(what) OVER (PARTITION BY ticket_id ORDER BY at, is_status, event_id) AS next_what,
           last_value(CASE WHEN NOT is_status THEN what END) IGNORE NULLS OVER (
               PARTITION BY ticket_id ORDER BY at, is_status, event_id
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_message,
           last_value(CASE WHEN what <> 'reopening' THEN what END) IGNORE NULLS OVER (
               PARTITION BY ticket_id ORDER BY at, is_status, event_id
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_other
    FROM happening
),
-- A reopening of an unanswered ticket starts the clock like a message; a solve that is followed by a reply has not stopped it.
counting AS (
    SELECT ticket_id, event_id, at, is_status, CASE what WHEN 'reopening' THEN 'customer' ELSE what END AS what
    FROM in_order
    WHERE what IN ('customer', 'reply')
       OR (what = 'solve' AND coalesce(next_what, '') <> 'reply')
       OR (what = 'reopening' AND last_message = 'customer' AND last_other = 'solve')
),
with_ends AS (
    SELECT ticket_id, event_id, at, what,
           lag(what) OVER (PARTITION BY ticket_id ORDER BY at, is_status, event_id) AS what_before,
           first_value(CASE WHEN what <> 'customer' THEN what END) IGNORE NULLS OVER (
               PARTITION BY ticket_id ORDER BY at, is_status, event_id
               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS ended_by,
           first_value(CASE WHEN what <> 'customer' THEN at END) IGNORE NULLS OVER (
               PARTITION BY ticket_id ORDER BY at, is_status, event_id
               ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS ended_at
    FROM counting
),
last_status AS (
    SELECT ticket_id, count(*) FILTER (WHERE is_solve) > count(*) FILTER (WHERE NOT is_solve) AS is_solved
    FROM ticket_transitions
    GROUP BY ticket_id
),
wait AS (
    SELECT wait.ticket_id, wait.event_id, wait.at AS started_at,
           CASE WHEN wait.ended_by = 'reply' THEN wait.ended_at END AS replied_at,
           coalesce(wait.ended_by = 'solve', last_status.is_solved, false) AS is_closed
    FROM with_ends AS wait
    LEFT JOIN last_status ON last_status.ticket_id = wait.ticket_id
    WHERE wait.what = 'customer' AND coalesce(wait.what_before, '') <> 'customer'
)
SELECT CASE wait.event_id WHEN '' THEN wait.ticket_id ELSE wait.ticket_id || '/' || wait.event_id END AS wait_id,
       wait.ticket_id AS ticket_id, ticket.account_id AS account_id, ticket.channel AS channel, ticket.category AS category,
       ticket.priority AS priority, ticket.assignee_id AS assignee_id, ticket.is_spam AS is_spam, ticket.merged_into AS merged_into,
       wait.started_at AS started_at, wait.replied_at AS replied_at,
       wait.replied_at IS NULL AND wait.is_closed AS closed_unanswered, recording.replies AS replies_recorded,
       (CAST(wait.replied_at AS BIGINT) - CAST(wait.started_at AS BIGINT)) / 1000000 AS seconds,
       business_seconds_across(schedule.schedules, wait.started_at, wait.replied_at) AS business
FROM wait
JOIN tickets AS ticket ON ticket.ticket_id = wait.ticket_id
JOIN ticket_schedules AS schedule ON schedule.ticket_id = wait.ticket_id
CROSS JOIN ticket_recording AS recording
