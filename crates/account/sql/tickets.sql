-- One row a ticket that is open now, the oldest first.
SELECT spell.ticket_id AS ticket_id, ticket.subject AS subject, spell.priority AS priority, spell.created_at AS created_at,
       ticket.escalated AS escalated,
       CAST(local_day(asked.closing) AS int) - CAST(local_day(spell.created_at) AS int) AS days_open
FROM ticket_open_spells AS spell
JOIN asked ON spell.starts_at <= asked.closing AND (spell.ends_at IS NULL OR spell.ends_at > asked.closing)
JOIN tickets AS ticket ON ticket.ticket_id = spell.ticket_id
WHERE spell.account_id = $account AND NOT coalesce(spell.is_spam, false) AND spell.merged_into IS NULL
ORDER BY spell.created_at, spell.ticket_id
