-- one row a period of the question: its local days as day numbers. Days not observed yet do not count in means.
SELECT asked.period AS period,
       asked.starts_at AS starts_at,
       asked.ends_at AS ends_at,
       CAST(local_day(asked.starts_at) AS int) AS first_day,
       CAST(local_day(asked.closing) AS int) AS closing_day,
       CAST(local_day(least(asked.closing, asked.observed_to - INTERVAL '1 microsecond')) AS int) AS last_day
FROM asked
