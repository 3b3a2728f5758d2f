-- One row a churn, on the day its end was asked for: the latest request of the lines that ended then, where one is recorded and lies before the
-- end; else on the day the service ended. The MRR lost is converted at the rate of the day it is counted.
WITH request AS (
    SELECT account_id, local_day(ends_at) AS day, max(CASE WHEN end_requested_at < ends_at THEN end_requested_at END) AS requested_at
    FROM mrr_lines
    WHERE ends_at IS NOT NULL
    GROUP BY account_id, local_day(ends_at)
),
churn AS (
    SELECT movement.row_id, movement.account_id, movement.at AS ends_at, movement.reason, movement.voluntary,
           local_day(movement.at) AS end_day, day_start(local_day(coalesce(request.requested_at, movement.at))) AS at
    FROM mrr_movements AS movement
    LEFT JOIN request ON request.account_id = movement.account_id AND request.day = local_day(movement.at)
    WHERE movement.movement = 'churn'
)
SELECT churn.row_id AS row_id, churn.account_id AS account_id, churn.at AS at, churn.ends_at AS ends_at, churn.reason AS reason,
       churn.voluntary AS voluntary, CAST(-sum(convert(lost.mrr, lost.currency, churn.at)) AS DECIMAL(38, 10)) AS amount,
       min(CASE WHEN convert(lost.mrr, lost.currency, churn.at) IS NULL THEN lost.currency END) AS unpriced
FROM churn
JOIN mrr_days AS lost ON lost.account_id = churn.account_id AND lost.day = churn.end_day
GROUP BY churn.row_id, churn.account_id, churn.at, churn.ends_at, churn.reason, churn.voluntary
