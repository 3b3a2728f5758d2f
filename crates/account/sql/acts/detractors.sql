-- One row a person at a customer whose last answer on recommending, in the last ninety days, was 6 or less, where nobody has been in touch with
-- the account since.
WITH answer AS (
    SELECT said.*, row_number() OVER (PARTITION BY said.account_id, coalesce(said.contact_id, lower(said.email), said.response_id)
                                      ORDER BY said.responded_at DESC, said.response_id DESC) AS newest
    FROM survey_responses AS said
    JOIN asked ON said.responded_at <= asked.closing AND said.responded_at > asked.closing - INTERVAL '90 days'
    WHERE said.survey_kind = 'nps' AND said.account_id IS NOT NULL AND said.score IS NOT NULL
      AND coalesce(said.scale_min, 0) = 0 AND coalesce(said.scale_max, 10) = 10
),
touched AS (
    SELECT talk.account_id, max(talk.happened_at) AS happened_at
    FROM interactions AS talk
    JOIN asked ON talk.happened_at <= asked.closing
    WHERE talk.account_id IS NOT NULL
    GROUP BY talk.account_id
)
SELECT scored.account_id AS account_id, scored.name AS name, scored.mrr AS mrr, CAST(NULL AS VARCHAR) AS product,
       CAST(answer.score AS DECIMAL(38, 6)) AS score, answer.responded_at AS responded_at, answer.comment AS comment,
       coalesce(contact.name, answer.email) AS contact
FROM answer
JOIN scored_accounts AS scored ON scored.account_id = answer.account_id
LEFT JOIN touched ON touched.account_id = answer.account_id
LEFT JOIN contacts AS contact ON contact.contact_id = answer.contact_id
WHERE answer.newest = 1 AND answer.score <= 6 AND (touched.happened_at IS NULL OR touched.happened_at <= answer.responded_at)
ORDER BY mrr DESC, account_id, responded_at
