-- The profile is how the account began; each change is a whole profile from its day on.
CREATE TEMP TABLE staged_accounts AS
SELECT * EXCLUDE (since, created),
       CASE WHEN account_id IS NULL THEN 'account_id is missing'
            WHEN unread(since, valid_from) THEN concat('valid_from is unreadable: ', since)
            WHEN unread(created, created_at) THEN concat('created_at is unreadable: ', created) END AS fault
FROM (
    SELECT id AS account_id, CASE WHEN since IS NULL THEN TIMESTAMPTZ '1970-01-01 00:00:00+00' ELSE local(since) END AS valid_from,
           name, parent AS parent_id, merged_into, plan, segment, industry, country, owner AS csm_id, local(created) AS created_at,
           to_json({'employees': employees}) AS attributes, since, created
    FROM read_json([$exports || '/crm/accounts.jsonl', $exports || '/crm/account_history.jsonl'], format = 'newline_delimited',
                   columns = {id: 'VARCHAR', since: 'VARCHAR', name: 'VARCHAR', parent: 'VARCHAR', merged_into: 'VARCHAR', plan: 'VARCHAR',
                              segment: 'VARCHAR', industry: 'VARCHAR', country: 'VARCHAR', owner: 'VARCHAR', created: 'VARCHAR',
                              employees: 'VARCHAR'})
);

CREATE TEMP TABLE staged_contacts AS
SELECT * EXCLUDE (created),
       CASE WHEN contact_id IS NULL THEN 'contact_id is missing'
            WHEN unread(created, created_at) THEN concat('created_at is unreadable: ', created) END AS fault
FROM (
    SELECT "Contact ID" AS contact_id, "Account" AS account_id, lower("E-Mail") AS email, "Full Name" AS name, "Role" AS role,
           local("Created") AS created_at, "Created" AS created
    FROM read_csv($exports || '/crm/contacts.csv', all_varchar = true)
);

CREATE TEMP TABLE staged_milestones AS
SELECT *, CASE WHEN milestone_id IS NULL THEN 'milestone_id is missing'
               WHEN account_id IS NULL THEN 'account_id is missing'
               WHEN milestone IS NULL THEN 'milestone is missing'
               WHEN reached_at IS NULL THEN 'reached_at is missing or unreadable' END AS fault
FROM (
    SELECT account || '/' || step AS milestone_id, account AS account_id, step AS milestone, product, local(reached_on) AS reached_at
    FROM read_csv($exports || '/crm/milestones.csv', all_varchar = true)
);

CREATE TEMP TABLE staged_referrals AS
SELECT *, CASE WHEN referral_id IS NULL THEN 'referral_id is missing'
               WHEN referred_at IS NULL THEN 'referred_at is missing or unreadable' END AS fault
FROM (
    SELECT ref AS referral_id, referrer AS referrer_account_id, referred AS referred_account_id,
           coalesce(source = 'partner', false) AS is_partner, local("date") AS referred_at
    FROM read_csv($exports || '/crm/referrals.csv', all_varchar = true)
);

CREATE TEMP TABLE staged_opportunities AS
SELECT * EXCLUDE (yearly_value, opened, closed),
       CASE WHEN opportunity_id IS NULL THEN 'opportunity_id is missing'
            WHEN unread(yearly_value, amount) THEN concat('amount is unreadable: ', yearly_value)
            WHEN unread(opened, created_at) THEN concat('created_at is unreadable: ', opened)
            WHEN unread(closed, closed_at) THEN concat('closed_at is unreadable: ', closed)
            WHEN closed_at <= created_at THEN 'closed_at is not after created_at' END AS fault
FROM (
    SELECT deal AS opportunity_id, account AS account_id,
           CASE sort WHEN 'New business' THEN 'new' WHEN 'Renewal' THEN 'renewal' ELSE 'other' END AS kind, stage,
           try_cast(yearly_value AS DECIMAL(18, 6)) AS amount, coalesce(ccy, 'USD') AS currency, local(opened) AS created_at,
           local(closed) AS closed_at, CASE stage WHEN 'Won' THEN true WHEN 'Lost' THEN false END AS is_won, owner AS owner_id,
           yearly_value, opened, closed
    FROM read_csv($exports || '/crm/deals.csv', all_varchar = true)
);

CREATE TEMP TABLE staged_interactions AS
SELECT *, CASE WHEN interaction_id IS NULL THEN 'interaction_id is missing'
               WHEN kind IS NULL OR kind NOT IN ('call', 'email', 'meeting', 'review', 'one_on_one', 'other') THEN 'kind is unknown'
               WHEN happened_at IS NULL THEN 'happened_at is missing or unreadable' END AS fault
FROM (
    SELECT id AS interaction_id, account AS account_id, person AS contact_id, owner AS staff_id, NULL::VARCHAR AS manager_id,
           "type" AS kind, written("at") AS happened_at, notes
    FROM read_json($exports || '/crm/activities.jsonl', format = 'newline_delimited',
                   columns = {id: 'VARCHAR', account: 'VARCHAR', person: 'VARCHAR', owner: 'VARCHAR', "type": 'VARCHAR', "at": 'VARCHAR',
                              notes: 'VARCHAR'})
);

CREATE TEMP TABLE staged_health_ratings AS
SELECT * EXCLUDE (health), CASE WHEN rating_id IS NULL THEN 'rating_id is missing'
                                WHEN account_id IS NULL THEN 'account_id is missing'
                                WHEN rating IS NULL THEN concat('rating is missing or unreadable: ', health)
                                WHEN rating NOT BETWEEN 0 AND 100 THEN 'rating is not between 0 and 100'
                                WHEN reason IS NULL THEN 'reason is missing'
                                WHEN rated_at IS NULL THEN 'rated_at is missing or unreadable'
                                WHEN expires_at IS NULL THEN 'expires_at is missing or unreadable'
                                WHEN expires_at <= rated_at THEN 'expires_at is not after rated_at' END AS fault
FROM (
    SELECT entry AS rating_id, account AS account_id, owner AS staff_id, try_cast(health AS DECIMAL(18, 6)) AS rating, why AS reason,
           written(written) AS rated_at, local(good_until) AS expires_at, health
    FROM read_csv($exports || '/crm/health.csv', all_varchar = true)
);
