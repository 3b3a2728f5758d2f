-- One row an asked period and active customer at its close: what chooses its scorecard, and what is at stake. The stage is onboarding until the
-- account is live, for at most 180 days from the signing (without a signing: its first 90 days as a customer), renewing in the last 90 days of
-- a term, and adopted otherwise.
WITH customer AS (
    SELECT asked.period, asked.closing, span.account_id, max(span.starts_at) AS customer_since
    FROM customer_spans AS span
    JOIN asked ON span.starts_at <= asked.closing AND (span.ends_at IS NULL OR span.ends_at > asked.closing)
    WHERE span.account_id IS NOT NULL
    GROUP BY asked.period, asked.closing, span.account_id
),
journey AS (
    SELECT asked.period, journey.account_id, max(journey.signed_at) AS signed_at,
           max(CASE WHEN journey.live_at <= asked.closing THEN journey.live_at END) AS live_at
    FROM journeys AS journey
    JOIN asked ON journey.signed_at <= asked.closing
    WHERE NOT journey.signed_again
    GROUP BY asked.period, journey.account_id
),
term AS (
    SELECT asked.period, term.account_id, min(term.ends_at) AS renewal_at
    FROM contracts AS term
    JOIN asked ON term.started_at <= asked.closing AND term.ends_at > asked.closing
              AND (term.terminated_at IS NULL OR term.terminated_at > asked.closing)
    WHERE coalesce(term.term_months, 12) > 1
    GROUP BY asked.period, term.account_id
),
paying AS (
    SELECT asked.period, held.account_id, sum(convert(held.mrr, held.currency, asked.closing)) AS mrr
    FROM account_mrr AS held
    JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.closing)
    GROUP BY asked.period, held.account_id
)
SELECT customer.period AS period, customer.account_id AS account_id, customer.customer_since AS customer_since,
       version.name AS name, version.parent_id AS parent_id, version.plan AS plan, version.segment AS segment,
       version.industry AS industry, version.country AS country, version.csm AS csm, version.attributes AS attributes,
       term.renewal_at AS renewal_at, CAST(paying.mrr AS DECIMAL(38, 10)) AS mrr,
       CASE WHEN journey.signed_at IS NULL AND customer.customer_since > customer.closing - INTERVAL '90 days' THEN 'onboarding'
            WHEN journey.live_at IS NULL AND journey.signed_at > customer.closing - INTERVAL '180 days' THEN 'onboarding'
            WHEN term.renewal_at <= customer.closing + INTERVAL '90 days' THEN 'renewing'
            ELSE 'adopted' END AS stage
FROM customer
LEFT JOIN journey ON journey.period = customer.period AND journey.account_id = customer.account_id
LEFT JOIN term ON term.period = customer.period AND term.account_id = customer.account_id
LEFT JOIN paying ON paying.period = customer.period AND paying.account_id = customer.account_id
LEFT JOIN account_versions AS version
  ON version.account_id = customer.account_id
 AND version.starts_at <= customer.closing AND (version.ends_at IS NULL OR version.ends_at > customer.closing)
