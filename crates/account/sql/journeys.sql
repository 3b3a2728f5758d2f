-- One row a signing and product: the steps that followed.
SELECT journey.product AS product, journey.signed_at AS signed_at,
       CASE WHEN journey.live_at <= asked.closing THEN journey.live_at END AS live_at,
       CASE WHEN journey.first_value_at <= asked.closing THEN journey.first_value_at END AS first_value_at,
       CASE WHEN journey.value_at <= asked.closing THEN journey.value_at END AS value_at
FROM journeys AS journey
JOIN asked ON journey.signed_at <= asked.closing
WHERE journey.account_id = $account AND NOT journey.signed_again
ORDER BY journey.signed_at, journey.product
