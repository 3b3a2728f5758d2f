-- One row a week with use, of the thirteen that end with the last day that is over: 0 is the last.
SELECT CAST(floor((CAST(local_day(asked.closing) AS int) - CAST(used.day AS int)) / 7) AS BIGINT) AS weeks_ago,
       count(DISTINCT used.contact_id) AS people, CAST(sum(used.events) AS BIGINT) AS events, count(DISTINCT used.feature) AS features
FROM usage_days AS used
JOIN asked ON used.day <= local_day(asked.closing) AND CAST(used.day AS int) > CAST(local_day(asked.closing) AS int) - 91
WHERE used.account_id = $account
GROUP BY weeks_ago
ORDER BY weeks_ago
