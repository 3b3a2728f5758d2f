-- One row a kind of survey: the last answer, and who gave it.
WITH answer AS (
    SELECT answer.*, row_number() OVER (PARTITION BY answer.survey_kind ORDER BY answer.responded_at DESC, answer.response_id DESC) AS newest
    FROM survey_responses AS answer
    JOIN asked ON answer.responded_at <= asked.closing
    WHERE answer.account_id = $account AND answer.score IS NOT NULL AND answer.survey_kind IN ('nps', 'csat', 'ces')
)
SELECT answer.survey_kind AS survey_kind, answer.survey AS survey, answer.score AS score, answer.scale_min AS scale_min,
       answer.scale_max AS scale_max, answer.comment AS comment, answer.responded_at AS responded_at,
       coalesce(contact.name, answer.email) AS contact
FROM answer
LEFT JOIN contacts AS contact ON contact.contact_id = answer.contact_id
WHERE answer.newest = 1
ORDER BY CASE answer.survey_kind WHEN 'nps' THEN 1 WHEN 'csat' THEN 2 ELSE 3 END
