-- One row an account and asked period: the mean of its people's latest relationship NPS answers. Answers of no known account stand alone.
WITH answer AS (
    SELECT asked.period AS period, answer.account_id, answer.response_id, answer.score, answer.responded_at,
           row_number() OVER (
               PARTITION BY asked.period, answer.survey, answer.account_id,
                            coalesce('contact ' || answer.contact_id, 'mail ' || lower(answer.email), 'answer ' || answer.response_id)
               ORDER BY answer.responded_at DESC, answer.response_id DESC) AS newest
    FROM survey_responses AS answer
    JOIN asked ON answer.responded_at >= asked.starts_at AND answer.responded_at < asked.ends_at
    WHERE answer.survey_kind = 'nps' AND answer.touch = 'relationship'
      AND answer.score BETWEEN 0 AND 10 AND answer.score = trunc(answer.score)
      AND coalesce(answer.scale_min, 0) = 0 AND coalesce(answer.scale_max, 10) = 10
)
SELECT period AS period, account_id AS account_id, coalesce(account_id, min(response_id)) AS row_id, max(responded_at) AS at,
       ratio(sum(score), count(*)) AS mean_score, count(*) AS people
FROM answer
WHERE newest = 1
GROUP BY period, account_id, CASE WHEN account_id IS NULL THEN response_id END
