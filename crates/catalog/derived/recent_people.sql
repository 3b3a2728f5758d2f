-- One row a period and person who used the product in the thirty days to the close: the account where it was last seen, and when.
SELECT period, account_id, at
FROM (SELECT asked_days.period, people_days.account_id, people_days.at,
             row_number() OVER (PARTITION BY asked_days.period, people_days.contact_id
                                ORDER BY people_days.at DESC, people_days.row_id DESC) AS newest
      FROM people_days
      JOIN asked_days ON people_days.day_number BETWEEN asked_days.closing_day - 29 AND asked_days.closing_day
      WHERE people_days.contact_id IS NOT NULL) AS seen
WHERE newest = 1
