-- Of each person the latest answer to a survey in the month; of each ticket or touchpoint the latest rating, by scale.
INSERT INTO figures
WITH answer AS (
    SELECT asked.month, score
    FROM survey_responses AS response
    LEFT JOIN owner ON owner.account_id = response.account_id
    JOIN asked ON day_of(responded_at) >= asked.opens AND day_of(responded_at) < asked.closes
    WHERE survey_kind = 'nps' AND touch = 'relationship' AND score BETWEEN 0 AND 10 AND score = trunc(score)
      AND coalesce(scale_min, 0) = 0 AND coalesce(scale_max, 10) = 10
    QUALIFY row_number() OVER (
        PARTITION BY asked.month, survey, coalesce(owner.owner, response.account_id),
                     coalesce('contact ' || contact_id, 'mail ' || lower(email), 'answer ' || response_id)
        ORDER BY responded_at DESC, response_id DESC) = 1
)
SELECT 'nps', month, NULL, NULL, 100 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(*)
FROM answer GROUP BY month;

INSERT INTO figures
WITH rating AS (
    SELECT asked.month, score, CAST(scale_min AS INTEGER) || '-' || CAST(scale_max AS INTEGER) AS scale,
           CASE WHEN scale_min = 0 AND scale_max = 10 THEN 9 WHEN scale_min = 0 AND scale_max = 1 THEN 1 WHEN scale_min <> 1 THEN NULL
                WHEN scale_max = 2 THEN 2 WHEN scale_max = 3 THEN 3 WHEN scale_max = 5 THEN 4 WHEN scale_max = 7 THEN 6 END AS satisfied_from
    FROM survey_responses AS response
    JOIN asked ON day_of(responded_at) >= asked.opens AND day_of(responded_at) < asked.closes
    WHERE survey_kind = 'csat' AND score BETWEEN scale_min AND scale_max AND score = trunc(score)
    QUALIFY row_number() OVER (
        PARTITION BY asked.month, survey, question, coalesce('ticket ' || ticket_id, 'invitation ' || send_id, 'answer ' || response_id)
        ORDER BY responded_at DESC, response_id DESC) = 1
)
SELECT 'csat', month, scale, NULL, count(*) FILTER (WHERE score >= satisfied_from) / count(*)
FROM rating WHERE satisfied_from IS NOT NULL GROUP BY month, scale;
