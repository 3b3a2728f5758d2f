-- One row a customer that uses at least four fifths of its paid seats: people seen in the last thirty days, and seats.
SELECT scored.account_id AS account_id, scored.name AS name, scored.mrr AS mrr, CAST(NULL AS VARCHAR) AS product,
       used.people AS people, CAST(used.seats AS BIGINT) AS seats
FROM account_use_panel AS used
JOIN scored_accounts AS scored ON scored.account_id = used.account_id AND scored.period = used.period
WHERE used.seats > 0 AND used.people * 5 >= used.seats * 4
ORDER BY mrr DESC, account_id
