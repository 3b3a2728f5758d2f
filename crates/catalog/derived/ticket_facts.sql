-- One row a ticket: when it was answered, solved and reopened, what that took in calendar and in business time, how long of it the ticket
-- was pending, and when its requester came again. Null means unknown or not happened, never 0: replies, reopenings and pending time are
-- null where nothing records them.
WITH last_schedule AS (
    SELECT history.ticket_id,
           last_value(change.schedule ORDER BY change.at) FILTER (WHERE change.at <= history.first_reply_at) AS at_first_reply,
           last_value(change.schedule ORDER BY change.at) FILTER (WHERE change.at <= history.first_solved_at) AS at_first_solve,
           last_value(change.schedule ORDER BY change.at) FILTER (WHERE change.at <= history.last_solved_at) AS at_last_solve
    FROM ticket_history AS history
    JOIN ticket_schedule_changes AS change ON change.ticket_id = history.ticket_id
    GROUP BY history.ticket_id
),
next_contact AS (
    SELECT history.ticket_id, min(later.created_at) AS next_contact_at
    FROM ticket_history AS history
    JOIN tickets AS later ON later.requester_id = history.requester_id
    WHERE later.created_at > history.last_solved_at
      AND later.ticket_id <> history.ticket_id
      AND later.opened_by = 'customer' AND NOT later.is_spam AND later.merged_into IS NULL
      AND (later.category = history.category OR later.category IS NULL OR history.category IS NULL)
    GROUP BY history.ticket_id
)
SELECT history.ticket_id AS ticket_id, history.account_id AS account_id, history.assignee_id AS assignee_id, history.channel AS channel,
       history.category AS category, history.priority AS priority, history.opened_by AS opened_by, history.is_spam AS is_spam,
       history.merged_into AS merged_into, history.escalated AS escalated, history.created_at AS created_at,
       history.first_reply_at AS first_reply_at,
       (CAST(history.first_reply_at AS BIGINT) - CAST(history.created_at AS BIGINT)) / 1000000 AS first_reply_seconds,
       business_seconds_across(history.schedules, history.created_at, history.first_reply_at) AS first_reply_business,
       business_seconds(last_schedule.at_first_reply, history.created_at, history.first_reply_at) AS first_reply_business_by_last,
       history.replies_recorded AS replies_recorded,
       CASE WHEN history.conversation_recorded THEN history.replies END AS replies,
       CASE WHEN history.conversation_recorded THEN history.follow_ups END AS follow_ups,
       history.first_solved_at AS first_solved_at,
       (CAST(history.first_solved_at AS BIGINT) - CAST(history.created_at AS BIGINT)) / 1000000 AS first_solve_seconds,
       business_seconds_across(history.schedules, history.created_at, history.first_solved_at) AS first_solve_business,
       business_seconds(last_schedule.at_first_solve, history.created_at, history.first_solved_at) AS first_solve_business_by_last,
       history.last_solved_at AS last_solved_at,
       (CAST(history.last_solved_at AS BIGINT) - CAST(history.created_at AS BIGINT)) / 1000000 AS last_solve_seconds,
       business_seconds_across(history.schedules, history.created_at, history.last_solved_at) AS last_solve_business,
       business_seconds(last_schedule.at_last_solve, history.created_at, history.last_solved_at) AS last_solve_business_by_last,
       CASE WHEN history.statuses_recorded THEN coalesce(pending.seconds, 0) END AS pending_seconds,
       CASE WHEN history.statuses_recorded THEN coalesce(pending.business, 0) END AS pending_business,
       history.is_solved AS is_solved,
       CASE WHEN history.statuses_recorded THEN history.reopenings END AS reopenings,
       next_contact.next_contact_at AS next_contact_at,
       history.wait_seconds AS wait_seconds, history.wait_business AS wait_business, history.waiting_since AS waiting_since
FROM ticket_history AS history
LEFT JOIN last_schedule ON last_schedule.ticket_id = history.ticket_id
LEFT JOIN next_contact ON next_contact.ticket_id = history.ticket_id
LEFT JOIN ticket_pending AS pending ON pending.ticket_id = history.ticket_id
