-- Colleagues, their surveys and their one-on-ones; the last three go into tables that customers' rows are in already.
CREATE TEMP TABLE staged_staff AS
SELECT *, CASE WHEN staff_id IS NULL THEN 'staff_id is missing'
               WHEN ended_at <= started_at THEN 'ended_at is not after started_at' END AS fault
FROM (
    SELECT "Personnel No" AS staff_id, "Name" AS name, "Department" AS team, "Reports to" AS manager_id, "Title" AS role,
           local("Joined") AS started_at, local("Left") AS ended_at
    FROM read_csv($exports || '/people/staff.csv', all_varchar = true, delim = ';')
);

INSERT INTO staged_survey_sends BY NAME
SELECT *, CASE WHEN send_id IS NULL THEN 'send_id is missing'
               WHEN sent_at IS NULL THEN 'sent_at is missing or unreadable' END AS fault
FROM (
    SELECT invite AS send_id, 'Staff ' || survey AS survey, survey AS survey_kind, 'staff' AS audience, person AS staff_id,
           'email' AS channel, written(sent) AS sent_at, true AS delivered
    FROM read_csv($exports || '/people/survey_invites.csv', all_varchar = true, delim = ';')
);

INSERT INTO staged_survey_responses BY NAME
SELECT * EXCLUDE (answered, raw_score),
       CASE WHEN response_id IS NULL THEN 'response_id is missing'
            WHEN survey_kind IS NULL OR survey_kind NOT IN ('enps', 'pulse') THEN 'survey_kind is unknown'
            WHEN unread(raw_score, score) THEN concat('score is unreadable: ', raw_score)
            WHEN unread(answered, responded_at) THEN concat('responded_at is unreadable: ', answered) END AS fault
FROM (
    SELECT answer AS response_id, coalesce('Staff ' || survey, '') AS survey, survey AS survey_kind, 'relationship' AS touch, question,
           invite AS send_id, person AS staff_id, try_cast(score AS DECIMAL(18, 6)) AS score,
           CASE survey WHEN 'enps' THEN 0 ELSE 1 END AS scale_min, CASE survey WHEN 'enps' THEN 10 ELSE 5 END AS scale_max,
           CASE survey WHEN 'enps' THEN 9 END AS promoter_from, CASE survey WHEN 'enps' THEN 6 END AS detractor_to,
           comment, written(answered) AS responded_at, answered, score AS raw_score
    FROM read_csv($exports || '/people/survey_answers.csv', all_varchar = true, delim = ';')
);

INSERT INTO staged_interactions BY NAME
SELECT *, CASE WHEN interaction_id IS NULL THEN 'interaction_id is missing'
               WHEN happened_at IS NULL THEN 'happened_at is missing or unreadable' END AS fault
FROM (
    SELECT entry AS interaction_id, employee AS staff_id, manager AS manager_id, 'one_on_one' AS kind, written(held_at) AS happened_at
    FROM read_csv($exports || '/people/one_on_ones.csv', all_varchar = true, delim = ';')
);
