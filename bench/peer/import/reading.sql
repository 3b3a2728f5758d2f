-- How the exports write times. Naive ones are in the company's zone, except where a source says otherwise.
SET TimeZone = 'UTC';
CREATE TEMP MACRO local(text) AS timezone('America/New_York', try_cast(text AS TIMESTAMP));
CREATE TEMP MACRO naive_utc(text) AS timezone('UTC', try_cast(text AS TIMESTAMP));
CREATE TEMP MACRO written(text) AS try_cast(text AS TIMESTAMPTZ);
CREATE TEMP MACRO unread(raw, typed) AS raw IS NOT NULL AND typed IS NULL;
CREATE TEMP MACRO yes_no(text) AS CASE text WHEN 'yes' THEN true WHEN 'no' THEN false END;
