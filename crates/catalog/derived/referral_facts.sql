-- one row a referral: whether the referrer was a customer then, whether and when the referred account first paid, and why the
-- referral does not count, if it does not. Of several that count, the first is the one.
WITH referrer AS (
    SELECT DISTINCT referrals.referral_id
    FROM referrals
    JOIN customer_spans AS span
      ON span.account_id = referrals.referrer_account_id
     AND span.starts_at <= referrals.referred_at AND (span.ends_at IS NULL OR span.ends_at > referrals.referred_at)
),
judged AS (
    SELECT referrals.referral_id, referrals.referrer_account_id, referrals.referred_account_id, referrals.referred_at,
           first_purchases.at AS first_paid_at,
           coalesce(first_purchases.at, referrals.converted_at) AS converted_at,
           CAST(local_day(coalesce(first_purchases.at, referrals.converted_at)) AS int)
           - CAST(local_day(referrals.referred_at) AS int) AS days_before,
           CASE WHEN referrals.is_partner THEN 'by a partner'
                WHEN referrer.referral_id IS NULL THEN 'referrer not a customer then' END AS not_by_customer
    FROM referrals
    LEFT JOIN referrer ON referrer.referral_id = referrals.referral_id
    LEFT JOIN first_purchases ON first_purchases.account_id = referrals.referred_account_id
),
placed AS (
    SELECT *,
           row_number() OVER (PARTITION BY referred_account_id, not_by_customer IS NULL, days_before BETWEEN 0 AND 180
                              ORDER BY referred_at, referral_id) AS place_in_window,
           row_number() OVER (PARTITION BY referred_account_id, not_by_customer IS NULL
                              ORDER BY referred_at, referral_id) AS place
    FROM judged
)
SELECT referral_id,
       referrer_account_id,
       referred_account_id,
       referred_at,
       first_paid_at,
       days_before,
       coalesce(not_by_customer,
                CASE WHEN days_before < 0 THEN 'already a customer'
                     WHEN days_before > 180 THEN 'more than 180 days before'
                     WHEN place_in_window > 1 THEN 'referred before' END) AS why_not_attributed,
       coalesce(not_by_customer,
                CASE WHEN days_before < 0 THEN 'already a customer'
                     WHEN referred_account_id IS NOT NULL AND place > 1 THEN 'referred before' END) AS why_not_referred
FROM placed
