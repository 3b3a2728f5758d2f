-- one row an account's first day as a paying customer, with the referral that brought it, if one did; and one row a referral of
-- such an account that does not count, with why
SELECT new_customer.account_id AS account_id,
       new_customer.at AS at,
       new_customer.account_id AS row_id,
       referral.referral_id AS referral_id,
       referral.referrer_account_id AS referrer,
       referral.referral_id IS NOT NULL AS counted,
       CAST(NULL AS varchar) AS why_not
FROM first_purchases AS new_customer
LEFT JOIN (SELECT * FROM referral_facts WHERE why_not_attributed IS NULL) AS referral
  ON referral.referred_account_id = new_customer.account_id
UNION ALL
SELECT referred_account_id AS account_id,
       first_paid_at AS at,
       concat('referral ', referral_id) AS row_id,
       referral_id,
       referrer_account_id AS referrer,
       false AS counted,
       why_not_attributed AS why_not
FROM referral_facts
WHERE why_not_attributed IS NOT NULL AND first_paid_at IS NOT NULL
