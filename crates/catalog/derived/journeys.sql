-- one row a signing: the steps that followed it, and when the customer left. A signing by an account that has signed for the
-- same product and not left since is no new beginning. A customer who left and came back begins again: steps from before the
-- return are not its own.
WITH signing AS (
    SELECT milestone_id, account_id, product, reached_at AS signed_at,
           lag(reached_at) OVER (PARTITION BY account_id, product ORDER BY reached_at, milestone_id) AS signed_before
    FROM milestones
    WHERE milestone = 'signed'
),
leaving AS (
    SELECT signing.milestone_id,
           max(span.ends_at) FILTER (WHERE span.ends_at <= signing.signed_at) AS left_before,
           min(span.ends_at) FILTER (WHERE span.ends_at > signing.signed_at) AS left_at
    FROM signing
    JOIN customer_spans AS span ON span.account_id = signing.account_id
    GROUP BY signing.milestone_id
),
step AS (
    SELECT signing.milestone_id,
           min(reached.reached_at) FILTER (WHERE reached.milestone = 'live') AS live_at,
           min(reached.reached_at) FILTER (WHERE reached.milestone = 'first_value') AS first_value_at,
           min(reached.reached_at) FILTER (WHERE reached.milestone = 'value') AS value_at
    FROM signing
    LEFT JOIN leaving ON leaving.milestone_id = signing.milestone_id
    JOIN milestones AS reached
      ON reached.account_id = signing.account_id
     AND reached.milestone IN ('live', 'first_value', 'value')
     AND (reached.product = signing.product OR reached.product IS NULL OR signing.product IS NULL)
     AND (leaving.left_before IS NULL OR reached.reached_at >= leaving.left_before)
    GROUP BY signing.milestone_id
)
SELECT signing.milestone_id AS milestone_id,
       signing.account_id AS account_id,
       signing.product AS product,
       signing.signed_at AS signed_at,
       coalesce(signing.signed_before >= coalesce(leaving.left_before, signing.signed_before), false) AS signed_again,
       leaving.left_at AS left_at,
       step.live_at AS live_at,
       step.first_value_at AS first_value_at,
       step.value_at AS value_at
FROM signing
LEFT JOIN leaving ON leaving.milestone_id = signing.milestone_id
LEFT JOIN step ON step.milestone_id = signing.milestone_id
