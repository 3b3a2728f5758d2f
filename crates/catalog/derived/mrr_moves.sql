-- Two rows an account, currency and change of its attributes while it pays, both at that day's rate: what it paid just before goes out of the
-- segment that it was in (as_of before, against after) and into the one that it is in from then on (the other way round).
WITH side AS (
    SELECT 'out' AS side UNION ALL SELECT 'in'
),
moved AS (
    SELECT held.account_id, held.currency, held.mrr, change.at AS after_at, change.at - INTERVAL '1 microsecond' AS before_at
    FROM attribute_changes AS change
    JOIN account_mrr AS held
      ON held.account_id = change.account_id AND held.starts_at < change.at AND (held.ends_at IS NULL OR held.ends_at >= change.at)
    WHERE held.mrr <> 0
)
SELECT concat_ws('/', moved.account_id, moved.currency, moved.after_at, side.side) AS row_id, moved.account_id AS account_id,
       moved.currency AS currency, moved.after_at AS at, side.side AS side,
       CASE WHEN side.side = 'out' THEN moved.before_at ELSE moved.after_at END AS as_of,
       CASE WHEN side.side = 'out' THEN moved.after_at ELSE moved.before_at END AS against,
       moved.mrr AS native_mrr, convert(moved.mrr, moved.currency, moved.after_at) AS amount
FROM moved
CROSS JOIN side
