-- One row a referral by the account, or of it.
SELECT referral.referral_id AS referral_id,
       CASE WHEN referral.referrer_account_id = $account THEN 'referred' ELSE 'referred by' END AS direction,
       CASE WHEN referral.referrer_account_id = $account THEN referral.referred_account_id ELSE referral.referrer_account_id END AS other_id,
       other.name AS other, referral.referred_at AS referred_at, referral.first_paid_at AS first_paid_at
FROM referral_facts AS referral
JOIN asked ON referral.referred_at <= asked.closing
LEFT JOIN account_versions AS other
  ON other.account_id = CASE WHEN referral.referrer_account_id = $account THEN referral.referred_account_id ELSE referral.referrer_account_id END
 AND other.starts_at <= asked.closing AND (other.ends_at IS NULL OR other.ends_at > asked.closing)
WHERE referral.referrer_account_id = $account OR referral.referred_account_id = $account
ORDER BY referral.referred_at, referral.referral_id
