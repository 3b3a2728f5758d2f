-- One row a contract term due for renewal, at its original end, with the term that renewed it: the one that names it, else the next of the
-- same account and product that begins up to renewal_grace_days after the end. A later return is a reactivation, not a renewal.
WITH term AS (
    SELECT contract_id, account_id, product, currency, value, term_months, started_at, ends_at, terminated_at, signed_at, auto_renew, end_reason,
           add_days(ends_at, $renewal_grace_days) AS grace_ends_at
    FROM contracts
),
candidate AS (
    SELECT term.contract_id, later.contract_id AS successor_id, later.started_at AS renewed_at, later.signed_at AS renewal_signed_at,
           later.value AS renewed_value, later.currency AS renewed_currency,
           row_number() OVER (PARTITION BY term.contract_id
                              ORDER BY CASE WHEN later.renewal_of = term.contract_id THEN 0 ELSE 1 END, later.started_at, later.contract_id) AS choice
    FROM term
    JOIN contracts AS later
      ON later.account_id = term.account_id AND later.contract_id <> term.contract_id
     AND later.started_at > term.started_at AND later.started_at <= term.grace_ends_at
     AND (later.renewal_of = term.contract_id
          OR (later.renewal_of IS NULL AND coalesce(later.product, '') = coalesce(term.product, '')))
)
SELECT term.contract_id AS row_id, term.account_id AS account_id, term.product AS product, term.term_months AS term_months,
       term.started_at AS started_at, term.ends_at AS ends_at, term.grace_ends_at AS grace_ends_at, term.terminated_at AS terminated_at,
       term.end_reason AS end_reason, term.currency AS currency, term.value AS value,
       candidate.successor_id AS successor_id, candidate.renewed_at AS renewed_at, candidate.renewal_signed_at AS renewal_signed_at,
       candidate.renewed_value AS renewed_value, candidate.renewed_currency AS renewed_currency,
       convert(term.value, term.currency, term.ends_at) AS due_amount,
       convert(candidate.renewed_value, candidate.renewed_currency, term.ends_at) AS renewed_amount
FROM term
LEFT JOIN candidate ON candidate.contract_id = term.contract_id AND candidate.choice = 1
