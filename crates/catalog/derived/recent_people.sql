-- One row a period and person who used the product in the thirty days to the close: the account where it was last seen, and when.
WITH last_day AS (
    SELECT asked_days.period, people_days.contact_id, max(people_days.day_number) AS day_number
    FROM people_days
    JOIN asked_days ON people_days.day_number BETWEEN asked_days.closing_day - 29 AND asked_days.closing_day
    WHERE people_days.contact_id IS NOT NULL
    GROUP BY asked_days.period, people_days.contact_id
)
-- Looked up, not ranked: a person has one row a day, and ranks cost much where there are many people.
SELECT last_day.period, people_days.account_id, people_days.at
FROM last_day
JOIN people_days ON people_days.contact_id = last_day.contact_id AND people_days.day_number = last_day.day_number
