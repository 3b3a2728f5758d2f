-- Different people in the thirty local days to the close of each month.
INSERT INTO figures
WITH person_day AS (
    SELECT DISTINCT contact_id, day_of(occurred_at) AS day FROM usage_events WHERE contact_id IS NOT NULL
)
SELECT 'active_users', asked.month, NULL, NULL, count(DISTINCT contact_id)
FROM person_day JOIN asked ON day >= asked.closes - 30 AND day < asked.closes
GROUP BY asked.month;
