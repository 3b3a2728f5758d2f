-- one row a person and local day of use; a person who used it for two accounts on a day counts for one. Use that names nobody
-- is one row an account and day.
SELECT max(account_id) AS account_id,
       contact_id,
       day,
       CAST(day AS int) AS day_number,
       day_start(day) AS at,
       concat_ws('/', coalesce(contact_id, concat('nobody named at ', max(account_id))), CAST(day AS varchar)) AS row_id,
       sum(events) AS events
FROM usage_days
GROUP BY contact_id, day, CASE WHEN contact_id IS NULL THEN account_id END
