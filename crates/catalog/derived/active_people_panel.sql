-- One row a period, account and stretch of time during which its attributes stay, with people: days on which its people used the product
-- in the period, and its people in the thirty days to the close, each where last seen.
WITH daily AS (
    SELECT asked_days.period, people_days.account_id, people_days.at, count(*) AS person_days
    FROM people_days
    JOIN asked_days ON people_days.day_number BETWEEN asked_days.first_day AND asked_days.last_day
    WHERE people_days.contact_id IS NOT NULL
    GROUP BY asked_days.period, people_days.account_id, people_days.at
),
seen AS (
    SELECT period, account_id, at, person_days, 0 AS people FROM daily
    UNION ALL
    SELECT period, account_id, at, 0 AS person_days, count(*) AS people FROM recent_people GROUP BY period, account_id, at
)
SELECT seen.period AS period,
       seen.account_id AS account_id,
       max(seen.at) AS as_of,
       concat_ws('/', coalesce(seen.account_id, 'nobody known'), local_day(max(seen.at))) AS row_id,
       sum(seen.person_days) AS person_days,
       sum(seen.people) AS people,
       max(greatest(asked_days.last_day - asked_days.first_day + 1, 0)) AS days
FROM seen
JOIN asked_days ON asked_days.period = seen.period
LEFT JOIN account_stretches AS stretch
  ON stretch.account_id = seen.account_id
 AND stretch.starts_at <= seen.at AND (stretch.ends_at IS NULL OR stretch.ends_at > seen.at)
GROUP BY seen.period, seen.account_id, stretch.starts_at
