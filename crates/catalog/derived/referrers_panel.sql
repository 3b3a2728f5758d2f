-- one row a period and account that was an active customer in it, or that referred somebody in it: the referrals it made
WITH piece AS (
    SELECT asked.period, span.account_id, true AS is_customer, CAST(NULL AS varchar) AS referral_id
    FROM customer_spans AS span
    JOIN asked ON span.starts_at < asked.ends_at AND (span.ends_at IS NULL OR span.ends_at > asked.starts_at)
    UNION ALL
    SELECT asked.period, referrals.referrer_account_id AS account_id, false AS is_customer, referrals.referral_id
    FROM referrals
    JOIN asked ON referrals.referred_at >= asked.starts_at AND referrals.referred_at < asked.ends_at
    WHERE NOT referrals.is_partner
)
SELECT period,
       account_id,
       bool_or(is_customer) AS is_customer,
       count(referral_id) AS referrals
FROM piece
GROUP BY period, account_id
