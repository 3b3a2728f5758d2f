-- Contract terms that came up for renewal before the close and near it, with the term that renewed each.
SELECT account_id, row_id AS contract_id, product, ends_at, grace_ends_at, successor_id, renewed_at, renewal_signed_at
FROM contract_terms
WHERE ends_at > $since_grace AND ends_at <= $closing
ORDER BY account_id, ends_at
