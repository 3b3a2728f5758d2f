-- Two rows an asked period, account and currency held at its close, where an attribute changed in the period: what it pays at the close, at the
-- close's rate, goes out of the segment of its opening (as_of opening, against closing) and into that of its close (the other way round).
WITH side AS (
    SELECT 'out' AS side UNION ALL SELECT 'in'
),
moved AS (
    SELECT DISTINCT asked.period AS period, change.account_id AS account_id, asked.opening AS opening
    FROM attribute_changes AS change
    JOIN asked ON change.at > asked.opening AND change.at <= asked.closing
)
SELECT held.period AS period, concat_ws('/', held.row_id, side.side) AS row_id, held.account_id AS account_id, held.currency AS currency,
       side.side AS side,
       CASE WHEN side.side = 'out' THEN moved.opening ELSE held.closing END AS as_of,
       CASE WHEN side.side = 'out' THEN held.closing ELSE moved.opening END AS against,
       held.closing_mrr AS native_mrr, convert(held.closing_mrr, held.currency, held.closing) AS amount
FROM endpoint_positions AS held
JOIN moved ON moved.period = held.period AND moved.account_id = held.account_id
CROSS JOIN side
WHERE held.closing_mrr <> 0
