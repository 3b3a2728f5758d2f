-- One row an account, currency and local day on which its lines began or ended: how many lines and how much MRR came or went, netted over
-- the day, so that a change of plan is one change.
WITH change AS (
    SELECT account_id, currency, local_day(starts_at) AS day, 1 AS lines, mrr FROM mrr_lines
    UNION ALL
    SELECT account_id, currency, local_day(ends_at), -1, -mrr FROM mrr_lines WHERE ends_at IS NOT NULL
)
SELECT account_id, currency, day, sum(lines) AS lines, CAST(sum(mrr) AS DECIMAL(38, 10)) AS mrr
FROM change
GROUP BY account_id, currency, day
