-- One row an asked period and stretch as a customer, as in customer_lives, with what the account is worth from the close on: what it pays
-- itself, for as long as customers of the whole company stay. Null once it has left.
SELECT life.period AS period, life.row_id AS row_id, life.account_id AS account_id, life.starts_at AS starts_at, life.ended AS ended,
       life.months AS months, life.mrr AS mrr, life.unpriced AS unpriced,
       CAST(life.mrr AS DOUBLE) * company.factor AS worth, CAST(life.mrr AS DOUBLE) * company.factor_low AS worth_low,
       CAST(life.mrr AS DOUBLE) * company.factor_high AS worth_high, company.tail_share AS company_tail,
       company.lost AS company_lost
FROM customer_lives AS life
LEFT JOIN lifetime_factor AS company ON company.period = life.period
