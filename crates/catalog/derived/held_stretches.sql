-- One row an account, currency and stretch of time during which neither its MRR nor an attribute of it changes: as account_mrr, cut where the
-- account moves from one segment to another.
WITH cut AS (
    SELECT account_id, currency, starts_at AS held_from, starts_at AS at FROM account_mrr
    UNION ALL
    SELECT held.account_id, held.currency, held.starts_at, change.at
    FROM account_mrr AS held
    JOIN attribute_changes AS change
      ON change.account_id = held.account_id AND change.at > held.starts_at AND (held.ends_at IS NULL OR change.at < held.ends_at)
)
SELECT held.account_id AS account_id, held.currency AS currency, held.mrr AS mrr, cut.at AS starts_at,
       coalesce(lead(cut.at) OVER (PARTITION BY held.account_id, held.currency, held.starts_at ORDER BY cut.at), held.ends_at) AS ends_at
FROM account_mrr AS held
JOIN cut ON cut.account_id = held.account_id AND cut.currency = held.currency AND cut.held_from = held.starts_at
