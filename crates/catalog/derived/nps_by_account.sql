-- One row an account and asked period: the mean of its people's latest relationship NPS answers. Answers of no known account stand alone, and
-- so does every answer that is empty, off the scale or not asked on 0 to 10, with its fault.
WITH answer AS (
    SELECT asked.period AS period, answer.account_id, answer.survey, answer.response_id, answer.score, answer.responded_at,
           coalesce('contact ' || answer.contact_id, 'mail ' || lower(answer.email), 'answer ' || answer.response_id) AS person,
           CASE WHEN answer.score IS NULL THEN 'not answered'
                WHEN coalesce(answer.scale_min, 0) <> 0 OR coalesce(answer.scale_max, 10) <> 10 THEN 'not asked on 0 to 10'
                WHEN answer.score < 0 OR answer.score > 10 OR answer.score <> trunc(answer.score) THEN 'off the scale' END AS fault
    FROM survey_responses AS answer
    JOIN asked ON answer.responded_at >= asked.starts_at AND answer.responded_at < asked.ends_at
    WHERE answer.survey_kind = 'nps' AND answer.touch = 'relationship'
),
latest AS (
    SELECT *, row_number() OVER (PARTITION BY period, survey, account_id, person ORDER BY responded_at DESC, response_id DESC) AS newest
    FROM answer
    WHERE fault IS NULL
)
SELECT period AS period, account_id AS account_id, coalesce(account_id, min(response_id)) AS row_id, max(responded_at) AS at,
       ratio(sum(score), count(*)) AS mean_score, count(*) AS people, CAST(NULL AS VARCHAR) AS fault
FROM latest
WHERE newest = 1
GROUP BY period, account_id, CASE WHEN account_id IS NULL THEN response_id END
UNION ALL
SELECT period, account_id, response_id, responded_at, CAST(NULL AS DOUBLE), CAST(1 AS BIGINT), fault
FROM answer
WHERE fault IS NOT NULL
