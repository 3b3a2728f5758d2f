-- One row an asked period, account and stretch of constant MRR and attributes in a foreign currency: what the change of the exchange rate did
-- to what was held, from the opening (or the day it began) to the close (or the day it ended). It belongs to the segment of its stretch.
SELECT asked.period AS period, held.account_id AS account_id, held.currency AS currency, held.mrr AS native_mrr, held.starts_at AS starts_at,
       concat_ws('/', held.account_id, held.currency, held.starts_at) AS row_id,
       greatest(held.starts_at, asked.opening) AS as_of,
       fx_rate(held.currency, greatest(held.starts_at, asked.opening)) AS rate_from,
       fx_rate(held.currency, least(coalesce(held.ends_at, asked.closing), asked.closing)) AS rate_to
FROM held_stretches AS held
JOIN asked ON held.starts_at <= asked.closing AND (held.ends_at IS NULL OR held.ends_at > asked.opening)
WHERE held.currency <> $currency
