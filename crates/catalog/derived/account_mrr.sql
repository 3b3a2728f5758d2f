-- One row an account, currency and stretch of days during which its MRR does not change and some paid line is in force. In the
-- account's own currency; an account that pays in two has a row for each.
WITH step AS (
    SELECT account_id, currency, day_start(day) AS starts_at,
           day_start(lead(day) OVER (PARTITION BY account_id, currency ORDER BY day)) AS ends_at,
           sum(lines) OVER (PARTITION BY account_id, currency ORDER BY day) AS lines,
           sum(mrr) OVER (PARTITION BY account_id, currency ORDER BY day) AS mrr
    FROM mrr_days
)
SELECT account_id, currency, CAST(mrr AS DECIMAL(38, 10)) AS mrr, lines, starts_at, ends_at
FROM step
WHERE lines > 0
