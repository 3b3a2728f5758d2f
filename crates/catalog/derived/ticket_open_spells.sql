-- One row a stretch of time in which a ticket is not solved: from its creation or a reopening to the next solve, or without end.
WITH spell AS (
    SELECT ticket.ticket_id, ticket.created_at AS starts_at, min(solve.at) AS ends_at
    FROM tickets AS ticket
    LEFT JOIN ticket_transitions AS solve ON solve.ticket_id = ticket.ticket_id AND solve.is_solve
    GROUP BY ticket.ticket_id, ticket.created_at
    UNION ALL
    SELECT ticket_id, starts_at, ends_at
    FROM (SELECT ticket_id, is_solve, at AS starts_at,
                 lead(at) OVER (PARTITION BY ticket_id ORDER BY at, event_id) AS ends_at
          FROM ticket_transitions) AS transition
    WHERE NOT is_solve
)
SELECT ticket.ticket_id AS ticket_id, ticket.account_id AS account_id, ticket.assignee_id AS assignee_id, ticket.channel AS channel,
       ticket.category AS category, ticket.priority AS priority, ticket.is_spam AS is_spam, ticket.merged_into AS merged_into,
       ticket.created_at AS created_at, spell.starts_at AS starts_at, spell.ends_at AS ends_at
FROM spell
JOIN tickets AS ticket ON ticket.ticket_id = spell.ticket_id
