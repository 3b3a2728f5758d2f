-- One row a rating that counts now, the newest first: only that one is read by scores.
SELECT said.rating_id AS rating_id, said.rating AS rating, said.reason AS reason, coalesce(colleague.name, said.staff_id) AS said_by,
       said.rated_at AS rated_at, said.expires_at AS expires_at,
       row_number() OVER (ORDER BY said.rated_at DESC, said.rating_id DESC) = 1 AS counts
FROM health_ratings AS said
JOIN asked ON said.rated_at <= asked.closing AND said.expires_at > asked.closing
LEFT JOIN staff AS colleague ON colleague.staff_id = said.staff_id
WHERE said.account_id = $account
ORDER BY said.rated_at DESC, said.rating_id DESC
