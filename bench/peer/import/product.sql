-- A file a year, and one for what arrived late or wrong.
CREATE TEMP TABLE staged_usage_events AS
SELECT * EXCLUDE ("count"),
       CASE WHEN event_id IS NULL THEN 'event_id is missing'
            WHEN unread("count", quantity) THEN concat('quantity is unreadable: ', "count")
            WHEN occurred_at IS NULL THEN 'occurred_at is missing or unreadable' END AS fault
FROM (
    SELECT id AS event_id, account AS account_id, "user" AS contact_id, product, feature,
           CASE WHEN "count" IS NULL THEN 1 ELSE try_cast("count" AS DECIMAL(18, 6)) END AS quantity, written(ts) AS occurred_at,
           filename LIKE '%late.csv' AS later, "count"
    FROM read_csv($exports || '/product/usage-*.csv', all_varchar = true, filename = true)
);

-- Who first shares a report has had the first value of Reports.
INSERT INTO staged_milestones BY NAME
SELECT account_id || '/first_share' AS milestone_id, account_id, 'first_value' AS milestone, 'Reports' AS product,
       min(occurred_at) AS reached_at, NULL AS fault
FROM staged_usage_events
WHERE feature = 'share_report' AND occurred_at IS NOT NULL
GROUP BY account_id;
