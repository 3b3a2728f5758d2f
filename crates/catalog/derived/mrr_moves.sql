-- Two rows an account, currency and change of its attributes while it pays: what it paid just before goes out of the segment that it was in and
-- into the one that it is in from then on, both at that day's rate.
WITH side AS (
    SELECT 'out' AS side UNION ALL SELECT 'in'
)
SELECT concat_ws('/', held.account_id, held.currency, change.at, side.side) AS row_id, held.account_id AS account_id,
       held.currency AS currency, change.at AS at,
       CASE WHEN side.side = 'out' THEN change.at - INTERVAL '1 microsecond' ELSE change.at END AS as_of,
       CASE WHEN side.side = 'out' THEN -held.mrr ELSE held.mrr END AS native_mrr,
       CASE WHEN side.side = 'out' THEN -convert(held.mrr, held.currency, change.at)
            ELSE convert(held.mrr, held.currency, change.at) END AS amount
FROM attribute_changes AS change
JOIN account_mrr AS held
  ON held.account_id = change.account_id AND held.starts_at < change.at AND (held.ends_at IS NULL OR held.ends_at >= change.at)
CROSS JOIN side
WHERE held.mrr <> 0
