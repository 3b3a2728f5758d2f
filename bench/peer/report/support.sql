-- When tickets were answered and solved, from their events.
CREATE TEMP TABLE ticket_fact AS
WITH message AS (
    SELECT ticket_id, min("at") AS first_reply_at, list_sort(list("at"))[2] AS second_reply_at
    FROM ticket_events WHERE kind = 'message' AND public AND actor = 'agent' GROUP BY ticket_id
),
status_event AS (
    SELECT ticket_id, "at", status IN ('solved', 'closed') AS solved,
           lag(status IN ('solved', 'closed'), 1, false) OVER (PARTITION BY ticket_id ORDER BY "at", event_id) AS was_solved
    FROM ticket_events WHERE kind = 'status' AND status IS NOT NULL
),
transition AS (
    SELECT ticket_id, min("at") FILTER (WHERE solved) AS first_solved_at, max("at") FILTER (WHERE solved) AS last_solved_at,
           count(*) FILTER (WHERE solved) > count(*) FILTER (WHERE NOT solved) AS is_solved
    FROM status_event WHERE solved <> was_solved GROUP BY ticket_id
)
SELECT tickets.ticket_id, created_at, CASE opened_by WHEN 'agent' THEN second_reply_at ELSE first_reply_at END AS replied_at,
       first_solved_at, last_solved_at, coalesce(is_solved, false) AS is_solved
FROM tickets
LEFT JOIN message ON message.ticket_id = tickets.ticket_id
LEFT JOIN transition ON transition.ticket_id = tickets.ticket_id
WHERE NOT is_spam AND merged_into IS NULL;

INSERT INTO figures
SELECT 'ticket_volume', asked.month, NULL, NULL, count(*)
FROM ticket_fact JOIN asked ON day_of(created_at) >= asked.opens AND day_of(created_at) < asked.closes
GROUP BY asked.month;

INSERT INTO figures
WITH wait AS (
    SELECT 'first_response_time' AS metric, asked.month, date_diff('second', created_at, replied_at) AS seconds
    FROM ticket_fact JOIN asked ON day_of(created_at) >= asked.opens AND day_of(created_at) < asked.closes
    WHERE replied_at >= created_at
    UNION ALL
    SELECT 'resolution_time', asked.month, date_diff('second', created_at, last_solved_at)
    FROM ticket_fact JOIN asked ON day_of(last_solved_at) >= asked.opens AND day_of(last_solved_at) < asked.closes
    WHERE is_solved AND first_solved_at >= created_at
),
figure AS (
    SELECT metric, month, avg(seconds) AS mean, quantile_cont(seconds, 0.5) AS median FROM wait GROUP BY metric, month
)
SELECT metric, month, NULL, NULLIF(part, 'mean'), "value" FROM (UNPIVOT figure ON mean, median INTO NAME part VALUE "value");
