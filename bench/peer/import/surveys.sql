CREATE TEMP TABLE staged_survey_sends AS
SELECT *, CASE WHEN send_id IS NULL THEN 'send_id is missing'
               WHEN survey IS NULL THEN 'survey is missing'
               WHEN survey_kind IS NULL OR survey_kind NOT IN ('nps', 'csat', 'ces', 'enps', 'pulse', 'other') THEN 'survey_kind is unknown'
               WHEN sent_at IS NULL THEN 'sent_at is missing or unreadable' END AS fault
FROM (
    SELECT invite AS send_id, survey, "type" AS survey_kind, 'customer' AS audience, account AS account_id, contact AS contact_id,
           NULL::VARCHAR AS staff_id, lower(email) AS email, channel, reminder_of, written(sent) AS sent_at,
           coalesce(delivered, true) AS delivered
    FROM read_json($exports || '/surveys/sends.jsonl', format = 'newline_delimited',
                   columns = {invite: 'VARCHAR', survey: 'VARCHAR', "type": 'VARCHAR', account: 'VARCHAR', contact: 'VARCHAR',
                              email: 'VARCHAR', channel: 'VARCHAR', reminder_of: 'VARCHAR', sent: 'VARCHAR', delivered: 'BOOLEAN'})
);

CREATE TEMP TABLE staged_survey_responses AS
SELECT * EXCLUDE (answered),
       CASE WHEN response_id IS NULL THEN 'response_id is missing'
            WHEN survey_kind IS NULL OR survey_kind NOT IN ('nps', 'csat', 'ces', 'enps', 'pulse', 'other') THEN 'survey_kind is unknown'
            WHEN unread(answered, responded_at) THEN concat('responded_at is unreadable: ', answered) END AS fault
FROM (
    SELECT answer AS response_id, coalesce(survey, '') AS survey, "type" AS survey_kind, coalesce(touch, 'relationship') AS touch, version,
           NULL::VARCHAR AS question, invite AS send_id, account AS account_id, contact AS contact_id, NULL::VARCHAR AS staff_id,
           lower(email) AS email, ticket AS ticket_id, score, scale_min, scale_max, NULL::DECIMAL(18, 6) AS promoter_from,
           NULL::DECIMAL(18, 6) AS detractor_to, comment, written(answered) AS responded_at, answered
    FROM read_json($exports || '/surveys/responses.jsonl', format = 'newline_delimited',
                   columns = {answer: 'VARCHAR', survey: 'VARCHAR', "type": 'VARCHAR', touch: 'VARCHAR', version: 'VARCHAR',
                              invite: 'VARCHAR', account: 'VARCHAR', contact: 'VARCHAR', email: 'VARCHAR', ticket: 'VARCHAR',
                              score: 'DECIMAL(18, 6)', scale_min: 'DECIMAL(18, 6)', scale_max: 'DECIMAL(18, 6)', comment: 'VARCHAR',
                              answered: 'VARCHAR'})
);
