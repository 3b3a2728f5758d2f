-- One row an answer to an NPS survey, with what its account pays a month at that instant, in the workspace's currency: null where the account
-- pays nothing then or is not known.
WITH paying AS (
    SELECT answer.response_id, sum(convert(held.mrr, held.currency, answer.responded_at)) AS mrr,
           min(CASE WHEN fx_rate(held.currency, answer.responded_at) IS NULL THEN held.currency END) AS unpriced
    FROM survey_responses AS answer
    JOIN account_mrr AS held ON held.account_id = answer.account_id
                            AND held.starts_at <= answer.responded_at
                            AND (held.ends_at IS NULL OR held.ends_at > answer.responded_at)
    WHERE answer.survey_kind = 'nps'
    GROUP BY answer.response_id
)
SELECT answer.response_id AS response_id, answer.survey AS survey, answer.survey_kind AS survey_kind, answer.touch AS touch,
       answer.account_id AS account_id, answer.contact_id AS contact_id, answer.email AS email, answer.channel AS channel,
       answer.score AS score, answer.scale_min AS scale_min, answer.scale_max AS scale_max, answer.responded_at AS responded_at,
       CAST(paying.mrr AS DECIMAL(38, 10)) AS mrr, paying.unpriced AS unpriced
FROM survey_responses AS answer
LEFT JOIN paying ON paying.response_id = answer.response_id
WHERE answer.survey_kind = 'nps'
