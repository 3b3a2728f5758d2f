-- One row an asked period and account that ever bought: what it is expected to buy, and to be worth, in the five years after the last month
-- that is over, by the BG/NBD and the Gamma–Gamma fitted to all accounts (with the parameters, their standard errors `_se`, and why there is no
-- fit). Accounts with an unknown exchange rate, and invoices of nobody known, stand beside without.
WITH company AS (
    SELECT period, bg_nbd_value(histories(account_id, frequency, recency, age, spend), $margin, $discount_rate, 60, 1) AS fit
    FROM purchase_histories
    WHERE account_id IS NOT NULL AND unpriced IS NULL
    GROUP BY period
),
each AS (
    SELECT period, unnest(fit['accounts']) AS one, fit['reason'] AS why, fit['log_likelihood'] AS log_likelihood,
           fit['correlation'] AS correlation,
           fit['r'] AS r, fit['r_se'] AS r_se, fit['alpha'] AS alpha, fit['alpha_se'] AS alpha_se,
           fit['a'] AS a, fit['a_se'] AS a_se, fit['b'] AS b, fit['b_se'] AS b_se,
           fit['p'] AS p, fit['p_se'] AS p_se, fit['q'] AS q, fit['q_se'] AS q_se,
           fit['gamma'] AS gamma, fit['gamma_se'] AS gamma_se
    FROM company
)
SELECT period AS period, one['account'] AS row_id, one['account'] AS account_id, one['frequency'] AS frequency, one['recency'] AS recency,
       one['age'] AS age, one['alive'] AS alive, one['purchases'] AS purchases, one['spend'] AS spend, one['value'] AS worth,
       one['error'] AS error, one['tail_share'] AS tail_share, CAST(NULL AS VARCHAR) AS unpriced, why AS why,
       log_likelihood AS log_likelihood, correlation AS correlation,
       r AS r, r_se AS r_se, alpha AS alpha, alpha_se AS alpha_se,
       a AS a, a_se AS a_se, b AS b, b_se AS b_se,
       p AS p, p_se AS p_se, q AS q, q_se AS q_se,
       gamma AS gamma, gamma_se AS gamma_se
FROM each
UNION ALL BY NAME
SELECT period AS period, row_id AS row_id, account_id AS account_id, CAST(frequency AS DOUBLE) AS frequency, CAST(recency AS DOUBLE) AS recency,
       CAST(age AS DOUBLE) AS age, unpriced AS unpriced
FROM purchase_histories
WHERE account_id IS NULL OR unpriced IS NOT NULL
