-- one row a period and account with people or lines in force: days on which its people used the product in the period, its
-- people in the thirty days to the close, and its paid seats at the close
WITH daily AS (
    SELECT asked_days.period, people_days.account_id, count(*) AS person_days
    FROM people_days
    JOIN asked_days ON people_days.day_number BETWEEN asked_days.first_day AND asked_days.last_day
    WHERE people_days.contact_id IS NOT NULL
    GROUP BY asked_days.period, people_days.account_id
),
recent AS (
    SELECT asked_days.period, people_days.account_id,
           row_number() OVER (PARTITION BY asked_days.period, people_days.contact_id
                              ORDER BY people_days.at DESC, people_days.row_id DESC) AS newest
    FROM people_days
    JOIN asked_days ON people_days.day_number BETWEEN asked_days.closing_day - 29 AND asked_days.closing_day
    WHERE people_days.contact_id IS NOT NULL
),
seated AS (
    SELECT asked.period, mrr_lines.account_id, sum(coalesce(mrr_lines.seats, mrr_lines.quantity)) AS seats
    FROM mrr_lines
    JOIN asked ON mrr_lines.starts_at <= asked.closing AND (mrr_lines.ends_at IS NULL OR mrr_lines.ends_at > asked.closing)
    GROUP BY asked.period, mrr_lines.account_id
),
piece AS (
    SELECT period, account_id, person_days, 0 AS people, CAST(NULL AS decimal(38, 6)) AS seats FROM daily
    UNION ALL
    SELECT period, account_id, 0 AS person_days, 1 AS people, CAST(NULL AS decimal(38, 6)) AS seats FROM recent WHERE newest = 1
    UNION ALL
    SELECT period, account_id, 0 AS person_days, 0 AS people, CAST(seats AS decimal(38, 6)) AS seats FROM seated
)
SELECT piece.period AS period,
       piece.account_id AS account_id,
       sum(piece.person_days) AS person_days,
       sum(piece.people) AS people,
       sum(piece.seats) AS seats,
       max(greatest(asked_days.last_day - asked_days.first_day + 1, 0)) AS days
FROM piece
JOIN asked_days ON asked_days.period = piece.period
GROUP BY piece.period, piece.account_id
