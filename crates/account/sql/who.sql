-- One row: the account as it is now, its parent and its customer-success manager by name.
SELECT version.name AS name, version.plan AS plan, version.segment AS segment, version.industry AS industry, version.country AS country,
       version.csm AS csm_id, colleague.name AS csm, version.parent_id AS parent_id, parent.name AS parent, version.attributes AS attributes
FROM account_versions AS version
JOIN asked ON version.starts_at <= asked.closing AND (version.ends_at IS NULL OR version.ends_at > asked.closing)
LEFT JOIN staff AS colleague ON colleague.staff_id = version.csm
LEFT JOIN account_versions AS parent
  ON parent.account_id = version.parent_id
 AND parent.starts_at <= asked.closing AND (parent.ends_at IS NULL OR parent.ends_at > asked.closing)
WHERE version.account_id = $account
