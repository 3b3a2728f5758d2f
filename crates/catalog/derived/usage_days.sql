-- one row a person, feature and local day of use: the one reading of the raw events
SELECT account_id,
       contact_id,
       product,
       feature,
       local_day(occurred_at) AS day,
       count(*) AS events,
       sum(quantity) AS quantity
FROM usage_events
GROUP BY account_id, contact_id, product, feature, local_day(occurred_at)
