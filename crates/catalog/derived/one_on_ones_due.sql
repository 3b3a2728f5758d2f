-- one row a period and colleague employed in an interval of the one-on-one cadence that ends in the period: intervals in which
-- a one-on-one was due, for the colleague was employed throughout, and those in which there was one. Intervals are calendar
-- months (or several, from January 2000) or days (weeks begin on Monday).
WITH cadence AS (
    SELECT CAST(split_part($one_on_one_cadence, ' ', 1) AS int)
           * CASE rtrim(split_part($one_on_one_cadence, ' ', 2), 's')
                 WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 WHEN 'year' THEN 12 ELSE 0 END AS months,
           CAST(split_part($one_on_one_cadence, ' ', 1) AS int)
           * CASE rtrim(split_part($one_on_one_cadence, ' ', 2), 's')
                 WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 0 END AS days
),
day_after AS (
    SELECT period, CAST(CAST(unnest(generate_series(first_day + 1, closing_day + 1)) AS int) AS date) AS day
    FROM asked_days
),
ending AS (
    SELECT day_after.period, day_start(day_after.day) AS ends_at, cadence.months, cadence.days
    FROM day_after
    CROSS JOIN cadence
    WHERE CASE WHEN cadence.months > 0
               THEN date_part('day', day_after.day) = 1
                    AND CAST(date_part('year', day_after.day) * 12 + date_part('month', day_after.day) - 1 AS int)
                        % cadence.months = 0
               ELSE (CAST(day_after.day AS int) - CAST(DATE '2000-01-03' AS int)) % greatest(cadence.days, 1) = 0 END
),
due AS (
    SELECT period, ends_at,
           CASE WHEN months > 0 THEN add_months(ends_at, -months) ELSE add_days(ends_at, -days) END AS starts_at
    FROM ending
),
item AS (
    SELECT due.period, due.starts_at, due.ends_at, staff.staff_id, staff.team, staff.role, staff.manager_id,
           (staff.started_at IS NULL OR staff.started_at <= due.starts_at)
           AND (staff.ended_at IS NULL OR staff.ended_at >= due.ends_at) AS throughout
    FROM due
    JOIN staff
      ON (staff.started_at IS NULL OR staff.started_at < due.ends_at)
     AND (staff.ended_at IS NULL OR staff.ended_at > due.starts_at)
),
met AS (
    SELECT item.period, item.staff_id, item.ends_at, count(interactions.interaction_id) AS meetings
    FROM item
    LEFT JOIN interactions
      ON interactions.staff_id = item.staff_id AND interactions.kind = 'one_on_one'
     AND interactions.happened_at >= item.starts_at AND interactions.happened_at < item.ends_at
    GROUP BY item.period, item.staff_id, item.ends_at
)
SELECT item.period AS period,
       item.staff_id AS staff_id,
       item.team AS team,
       item.role AS role,
       item.manager_id AS manager,
       count(*) FILTER (WHERE item.throughout AND item.ends_at <= asked.observed_to) AS due,
       count(*) FILTER (WHERE item.throughout AND item.ends_at <= asked.observed_to AND met.meetings > 0) AS held,
       count(*) FILTER (WHERE item.throughout AND item.ends_at > asked.observed_to) AS not_over
FROM item
JOIN met ON met.period = item.period AND met.staff_id = item.staff_id AND met.ends_at = item.ends_at
JOIN asked ON asked.period = item.period
GROUP BY item.period, item.staff_id, item.team, item.role, item.manager_id
