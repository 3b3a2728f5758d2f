-- The helpdesk's times are UTC and do not say so.
CREATE TEMP TABLE staged_tickets AS
SELECT *, CASE WHEN ticket_id IS NULL THEN 'ticket_id is missing'
               WHEN opened_by NOT IN ('customer', 'agent', 'system') THEN 'opened_by is unknown'
               WHEN created_at IS NULL THEN 'created_at is missing or unreadable' END AS fault
FROM (
    SELECT ticket AS ticket_id, organisation AS account_id, requester AS requester_id, assignee AS assignee_id, channel, topic AS category,
           priority, subject, business_hours AS schedule, coalesce(submitter, 'customer') AS opened_by,
           coalesce(spam = 'yes', false) AS is_spam, merged_into, coalesce(escalated = 'yes', false) AS escalated,
           naive_utc(created_at) AS created_at
    FROM read_csv($exports || '/helpdesk/tickets.csv', all_varchar = true)
);

CREATE TEMP TABLE staged_ticket_events AS
SELECT *, CASE WHEN ticket_id IS NULL THEN 'ticket_id is missing'
               WHEN event_id IS NULL THEN 'event_id is missing'
               WHEN "at" IS NULL THEN 'at is missing or unreadable'
               WHEN kind IS NULL OR kind NOT IN ('message', 'status', 'schedule') THEN 'kind is unknown'
               WHEN actor NOT IN ('customer', 'agent', 'bot', 'system') THEN 'actor is unknown'
               WHEN status NOT IN ('new', 'open', 'pending', 'hold', 'solved', 'closed') THEN 'status is unknown' END AS fault
FROM (
    SELECT ticket AS ticket_id, seq AS event_id, naive_utc("at") AS "at", what AS kind, coalesce(who, 'system') AS actor, who_id AS actor_id,
           coalesce(visible <> 'internal', true) AS public, CASE WHEN what = 'status' THEN "value" END AS status,
           CASE WHEN what = 'schedule' THEN "value" END AS schedule
    FROM read_csv($exports || '/helpdesk/ticket_events.csv', all_varchar = true)
);
