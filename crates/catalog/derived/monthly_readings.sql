-- One row an asked period, account and currency with a line in force at the close, metered ones included: what it comes to a month in its own
-- currency, by each reading. A line is long past due from past_due_grace_days after it went unpaid until it is paid.
WITH line AS (
    SELECT account_id, currency, 1 AS recurring, mrr, list_mrr, CAST(0 AS DECIMAL(38, 10)) AS metered_mrr,
           add_days(past_due_from, $past_due_grace_days) AS long_past_due_from, past_due_to, starts_at, ends_at
    FROM mrr_lines
    UNION ALL
    SELECT account_id, currency, 0, CAST(0 AS DECIMAL(38, 10)), CAST(0 AS DECIMAL(38, 10)),
           CAST(monthly_amount(unit_price * quantity, "interval", interval_count) AS DECIMAL(38, 10)),
           CAST(NULL AS TIMESTAMP), CAST(NULL AS TIMESTAMP),
           CASE WHEN trial_ends_at > started_at THEN trial_ends_at ELSE started_at END, ended_at
    FROM subscriptions
    WHERE kind = 'metered'
)
SELECT asked.period AS period, concat_ws('/', line.account_id, line.currency) AS row_id, line.account_id AS account_id, line.currency AS currency,
       sum(line.recurring) AS recurring_lines,
       CAST(sum(line.mrr) AS DECIMAL(38, 10)) AS mrr,
       CAST(sum(line.list_mrr) AS DECIMAL(38, 10)) AS list_mrr,
       CAST(sum(line.metered_mrr) AS DECIMAL(38, 10)) AS metered_mrr,
       CAST(sum(CASE WHEN line.long_past_due_from <= asked.closing AND (line.past_due_to IS NULL OR line.past_due_to > asked.closing)
                     THEN line.mrr ELSE 0 END) AS DECIMAL(38, 10)) AS past_due_mrr
FROM line
JOIN asked ON line.starts_at <= asked.closing AND (line.ends_at IS NULL OR line.ends_at > asked.closing)
GROUP BY asked.period, line.account_id, line.currency
