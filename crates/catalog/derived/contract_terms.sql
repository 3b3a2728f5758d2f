-- One row a contract term due for renewal, at its original end, with the term that renewed it. A later return is a reactivation, not a
-- renewal.
SELECT term.contract_id AS row_id, term.account_id AS account_id, term.product AS product, term.term_months AS term_months,
       term.started_at AS started_at, term.ends_at AS ends_at, add_days(term.ends_at, $renewal_grace_days) AS grace_ends_at,
       term.terminated_at AS terminated_at, term.end_reason AS end_reason, term.currency AS currency, term.value AS value,
       later.contract_id AS successor_id, later.started_at AS renewed_at, later.signed_at AS renewal_signed_at,
       later.value AS renewed_value, later.currency AS renewed_currency,
       convert(term.value, term.currency, term.ends_at) AS due_amount,
       convert(later.value, later.currency, term.ends_at) AS renewed_amount
FROM contracts AS term
LEFT JOIN renewals AS renewal ON renewal.contract_id = term.contract_id
LEFT JOIN contracts AS later ON later.contract_id = renewal.successor_id
