-- One row a term that runs: when it ends, and so is to be renewed.
SELECT term.contract_id AS contract_id, term.product AS product, term.term_months AS term_months, CAST(term.value AS DECIMAL(38, 6)) AS value,
       term.currency AS currency, term.started_at AS starts_at, term.ends_at AS ends_at, term.auto_renew AS auto_renew,
       CAST(local_day(term.ends_at) AS int) - CAST(local_day(asked.closing) AS int) AS days_left
FROM contracts AS term
JOIN asked ON term.started_at <= asked.closing AND term.ends_at > asked.closing
          AND (term.terminated_at IS NULL OR term.terminated_at > asked.closing)
WHERE term.account_id = $account
ORDER BY term.ends_at, term.contract_id
