-- One row an invitation to a survey, with the first answer to it or to one of its reminders, and whether any of them arrived;
-- and one row an answer that no invitation is known for.
-- Nobody is named here: whether a colleague answered is theirs alone.
WITH RECURSIVE original AS (
    SELECT send_id, send_id AS original_id, reminder_of, 0 AS steps
    FROM survey_sends
    UNION ALL
    SELECT original.send_id, earlier.send_id, earlier.reminder_of, original.steps + 1
    FROM original
    JOIN survey_sends AS earlier ON earlier.send_id = original.reminder_of
    WHERE original.steps < 20
),
resolved AS (
    SELECT send_id, original_id
    FROM (SELECT send_id, original_id, row_number() OVER (PARTITION BY send_id ORDER BY steps DESC) AS last_step FROM original) AS chain
    WHERE last_step = 1
),
delivery AS (
    SELECT resolved.original_id AS send_id, bool_or(send.delivered) AS is_delivered
    FROM survey_sends AS send
    JOIN resolved ON resolved.send_id = send.send_id
    GROUP BY resolved.original_id
),
answer AS (
    SELECT resolved.original_id AS send_id, min(response.responded_at) AS answered_at
    FROM survey_responses AS response
    JOIN resolved ON resolved.send_id = response.send_id
    WHERE response.score IS NOT NULL OR response.comment IS NOT NULL
    GROUP BY resolved.original_id
)
SELECT send.send_id AS invitation_id, send.survey AS survey, send.survey_kind AS survey_kind,
       CASE WHEN send.staff_id IS NOT NULL OR send.survey_kind IN ('enps', 'pulse') THEN 'staff' ELSE send.audience END AS audience,
       send.channel AS channel, send.account_id AS account_id, send.sent_at AS at,
       resolved.original_id <> send.send_id AS is_reminder, coalesce(delivery.is_delivered, false) AS is_delivered,
       true AS is_recorded,
       answer.answered_at AS answered_at
FROM survey_sends AS send
JOIN resolved ON resolved.send_id = send.send_id
LEFT JOIN delivery ON delivery.send_id = send.send_id
LEFT JOIN answer ON answer.send_id = send.send_id
UNION ALL
SELECT response.response_id, response.survey, response.survey_kind,
       CASE WHEN response.staff_id IS NOT NULL OR response.survey_kind IN ('enps', 'pulse') THEN 'staff' ELSE 'customer' END,
       response.channel, response.account_id, response.responded_at AS at, false, true, false, response.responded_at AS answered_at
FROM survey_responses AS response
LEFT JOIN survey_sends AS send ON send.send_id = response.send_id
WHERE send.send_id IS NULL AND (response.score IS NOT NULL OR response.comment IS NOT NULL)
