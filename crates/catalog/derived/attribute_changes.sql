-- One row an account and instant at which an attribute of it changed. The first version that is known changes nothing: it holds backwards.
WITH version AS (
    SELECT account_id, starts_at, name, parent_id, plan, segment, industry, country, csm, CAST(attributes AS VARCHAR) AS attributes,
           row_number() OVER (PARTITION BY account_id ORDER BY starts_at) AS number
    FROM account_versions
    WHERE NOT assumed
)
SELECT after.account_id AS account_id, after.starts_at AS at
FROM version AS after
JOIN version AS before ON before.account_id = after.account_id AND before.number = after.number - 1
WHERE (after.name IS DISTINCT FROM before.name) OR (after.parent_id IS DISTINCT FROM before.parent_id)
   OR (after.plan IS DISTINCT FROM before.plan) OR (after.segment IS DISTINCT FROM before.segment)
   OR (after.industry IS DISTINCT FROM before.industry) OR (after.country IS DISTINCT FROM before.country)
   OR (after.csm IS DISTINCT FROM before.csm) OR (after.attributes IS DISTINCT FROM before.attributes)
