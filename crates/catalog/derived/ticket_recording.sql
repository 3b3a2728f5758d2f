-- One row: whether messages, and replies in any form, are recorded at all. Where they are not, a ticket without a reply says nothing.
SELECT (SELECT count(*) FROM ticket_events WHERE kind = 'message') > 0 AS messages,
       (SELECT count(*) FROM ticket_events WHERE kind = 'message') > 0
           OR (SELECT count(first_reply_at) FROM tickets) > 0 AS replies
