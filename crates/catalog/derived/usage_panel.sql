-- One row an asked period and account that used the product in it or in the stretch of the same length just before.
SELECT asked.period AS period, used.account_id AS account_id,
       bool_or(day_start(used.day) < asked.starts_at) AS used_before,
       bool_or(day_start(used.day) >= asked.starts_at) AS used
FROM usage_days AS used
JOIN asked ON day_start(used.day) >= asked.preceding_at AND day_start(used.day) < asked.ends_at
WHERE used.account_id IS NOT NULL
GROUP BY asked.period, used.account_id
