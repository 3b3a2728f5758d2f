-- One row an asked period and stretch as a customer, as in customer_lives, with what the account is worth from the close on by models of
-- renewal fitted to all lives until then, given how long it has stayed: what it pays itself, times the factor of its age. Null once it
-- has left, and where the fit has no maximum, which `_why` tells.
WITH company AS (
    SELECT period, sbg_value(lifetimes(row_id, months, ended, 1), $margin, $discount_rate, 60) AS sbg,
           bdw_value(lifetimes(row_id, months, ended, 1), $margin, $discount_rate, 60) AS bdw,
           count(*) FILTER (WHERE ended) AS lost
    FROM customer_lives
    GROUP BY period
)
SELECT life.period AS period, life.row_id AS row_id, life.account_id AS account_id, life.starts_at AS starts_at, life.ended AS ended,
       life.months AS months, life.mrr AS mrr, life.unpriced AS unpriced, company.lost AS company_lost,
       CAST(life.mrr AS DOUBLE) * company.sbg['ages'][life.months + 1]['factor'] AS sbg_worth,
       CAST(life.mrr AS DOUBLE) * company.sbg['ages'][life.months + 1]['low'] AS sbg_low,
       CAST(life.mrr AS DOUBLE) * company.sbg['ages'][life.months + 1]['high'] AS sbg_high,
       company.sbg['ages'][life.months + 1]['tail_share'] AS sbg_tail, company.sbg['reason'] AS sbg_why,
       CAST(life.mrr AS DOUBLE) * company.bdw['ages'][life.months + 1]['factor'] AS bdw_worth,
       CAST(life.mrr AS DOUBLE) * company.bdw['ages'][life.months + 1]['low'] AS bdw_low,
       CAST(life.mrr AS DOUBLE) * company.bdw['ages'][life.months + 1]['high'] AS bdw_high,
       company.bdw['ages'][life.months + 1]['tail_share'] AS bdw_tail, company.bdw['reason'] AS bdw_why
FROM customer_lives AS life
LEFT JOIN company ON company.period = life.period
