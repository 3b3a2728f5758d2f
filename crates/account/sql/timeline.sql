-- One row a thing that happened, the newest first: when, of what kind, what, and in which record it stands.
-- A line is told in stretches of one amount: one that goes on at another amount, or in whose place another line of the same subscription and
-- product begins, has changed, and has not ended; one that goes on as it was is not told.
WITH linked AS (
    SELECT *, coalesce(lag(ends_at) OVER same = starts_at, false) AS goes_on_from, coalesce(lead(starts_at) OVER same = ends_at, false) AS goes_on
    FROM mrr_lines WHERE account_id = $account
    WINDOW same AS (PARTITION BY subscription_id, line_id ORDER BY starts_at)
),
line AS (
    SELECT *, CAST(CAST(mrr AS DECIMAL(18, 2)) AS VARCHAR) || ' ' || currency || ' a month' AS amount,
           row_number() OVER (PARTITION BY subscription_id, product, starts_at ORDER BY goes_on_from DESC, line_id) AS begun_place,
           row_number() OVER (PARTITION BY subscription_id, product, ends_at ORDER BY goes_on DESC, line_id) AS ended_place
    FROM linked
),
stretch AS (
    SELECT begun.subscription_id AS begun_record, ended.subscription_id AS ended_record, begun.starts_at AS begun_at, ended.ends_at AS ended_at,
           concat_ws(', ', begun.product, begun.plan) AS begun_what, concat_ws(', ', ended.product, ended.plan) AS ended_what,
           begun.amount AS begun_amount, ended.amount AS ended_amount,
           CAST(CAST(ended.mrr AS DECIMAL(18, 2)) AS VARCHAR) || CASE WHEN ended.currency <> begun.currency THEN ' ' || ended.currency ELSE '' END AS ended_money,
           ended.end_reason AS end_reason
    FROM line AS begun
    FULL JOIN (SELECT * FROM line WHERE ends_at IS NOT NULL) AS ended
      ON ended.subscription_id = begun.subscription_id AND coalesce(ended.product, '') = coalesce(begun.product, '')
     AND ended.ends_at = begun.starts_at AND ended.ended_place = begun.begun_place
),
past_due AS (
    SELECT past_due_from AS from_day, max(past_due_to) AS to_day, min(concat_ws(', ', product, plan)) AS what, subscription_id AS record
    FROM line WHERE past_due_from IS NOT NULL
    GROUP BY past_due_from, subscription_id
),
scored AS (
    SELECT day, colour, score, row_number() OVER (PARTITION BY day ORDER BY mrr DESC, score, colour) AS first
    FROM health_scores WHERE account_id = $account AND in_force AND colour IS NOT NULL
),
coloured AS (
    SELECT day, colour, score, lag(colour) OVER (ORDER BY day) AS before FROM scored WHERE first = 1
),
event AS (
    SELECT begun_at AS at, CASE WHEN ended_at IS NULL THEN 'line begun' ELSE 'line changed' END AS kind,
           CASE WHEN ended_at IS NOT NULL AND ended_what <> begun_what THEN ended_what || ' → ' ELSE '' END || begun_what || ': '
           || CASE WHEN ended_amount <> begun_amount THEN ended_money || ' → ' ELSE '' END || begun_amount AS what,
           begun_record AS record
    FROM stretch WHERE begun_at IS NOT NULL AND (ended_at IS NULL OR ended_amount <> begun_amount OR ended_what <> begun_what)
    UNION ALL
    SELECT ended_at, 'line ended', concat_ws('; ', ended_what || ': ' || ended_amount, end_reason), ended_record
    FROM stretch WHERE begun_at IS NULL
    UNION ALL
    SELECT from_day, 'payment past due', what, record FROM past_due
    UNION ALL
    SELECT to_day, 'paid after being past due', what, record FROM past_due WHERE to_day IS NOT NULL
    UNION ALL
    SELECT issued_at, CASE status WHEN 'uncollectible' THEN 'invoice uncollectible' ELSE 'invoice void' END,
           CAST(CAST(amount AS DECIMAL(18, 2)) AS VARCHAR) || ' ' || currency, invoice_id
    FROM invoices WHERE account_id = $account AND status IN ('uncollectible', 'void')
    UNION ALL
    SELECT issued_at, 'invoice open', CAST(CAST(amount AS DECIMAL(18, 2)) AS VARCHAR) || ' ' || currency, invoice_id
    FROM invoices WHERE account_id = $account AND status = 'open' AND paid_at IS NULL
    UNION ALL
    SELECT spell.starts_at, CASE WHEN spell.starts_at > spell.created_at THEN 'ticket reopened' WHEN ticket.escalated THEN 'ticket opened, escalated later'
           ELSE 'ticket opened' END, concat_ws(' · ', ticket.subject, spell.priority), spell.ticket_id
    FROM ticket_open_spells AS spell
    JOIN tickets AS ticket ON ticket.ticket_id = spell.ticket_id
    WHERE spell.account_id = $account AND NOT coalesce(spell.is_spam, false)
    UNION ALL
    SELECT spell.ends_at, 'ticket solved', ticket.subject, spell.ticket_id
    FROM ticket_open_spells AS spell
    JOIN tickets AS ticket ON ticket.ticket_id = spell.ticket_id
    WHERE spell.account_id = $account AND spell.ends_at IS NOT NULL AND NOT coalesce(spell.is_spam, false)
    UNION ALL
    SELECT answer.responded_at, upper(answer.survey_kind) || ' answered',
           concat_ws(' ', CAST(CAST(answer.score AS BIGINT) AS VARCHAR) || ' of ' || CAST(CAST(answer.scale_max AS BIGINT) AS VARCHAR),
                     'by ' || coalesce(contact.name, answer.email), '“' || nullif(answer.comment, '') || '”'), answer.response_id
    FROM survey_responses AS answer
    LEFT JOIN contacts AS contact ON contact.contact_id = answer.contact_id
    WHERE answer.account_id = $account AND answer.score IS NOT NULL
    UNION ALL
    SELECT met.happened_at, met.kind, concat_ws(': ', colleague.name, met.notes), met.interaction_id
    FROM interactions AS met
    LEFT JOIN staff AS colleague ON colleague.staff_id = met.staff_id
    WHERE met.account_id = $account
    UNION ALL
    SELECT day_start(day), 'health ' || before || ' → ' || colour, 'score ' || CAST(CAST(score AS DECIMAL(18, 1)) AS VARCHAR), NULL
    FROM coloured WHERE before <> colour
    UNION ALL
    SELECT renewed_at, 'renewed', concat_ws(', ', product, CAST(CAST(renewed_value AS DECIMAL(18, 2)) AS VARCHAR) || ' ' || renewed_currency), successor_id
    FROM contract_terms WHERE account_id = $account AND renewed_at IS NOT NULL
    UNION ALL
    SELECT ends_at, 'term ended without renewal', concat_ws('; ', product, end_reason), row_id
    FROM contract_terms WHERE account_id = $account AND renewed_at IS NULL AND terminated_at IS NULL
    UNION ALL
    SELECT terminated_at, 'term terminated', concat_ws('; ', product, end_reason), row_id
    FROM contract_terms WHERE account_id = $account AND terminated_at IS NOT NULL
    UNION ALL
    SELECT reached_at, 'milestone', concat_ws(', ', replace(milestone, '_', ' '), product), milestone_id FROM milestones WHERE account_id = $account
    UNION ALL
    SELECT rated_at, 'rated', CAST(CAST(rating AS DECIMAL(18, 0)) AS VARCHAR) || ': ' || reason, rating_id FROM health_ratings WHERE account_id = $account
    UNION ALL
    SELECT referred_at, 'referred', referred_account_id, referral_id FROM referral_facts WHERE referrer_account_id = $account
)
SELECT event.at AS at, event.kind AS kind, event.what AS what, event.record AS record
FROM event
JOIN asked ON event.at <= asked.closing
ORDER BY event.at DESC, event.kind, event.record
