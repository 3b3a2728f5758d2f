-- The months asked, whose account a row is after merges, and what foreign money is worth: what every figure needs.
SET TimeZone = 'UTC';
CREATE TEMP MACRO day_of(instant) AS CAST(timezone('America/New_York', instant) AS DATE);
CREATE TEMP TABLE figures (metric VARCHAR, month VARCHAR, segment VARCHAR, part VARCHAR, "value" DOUBLE);

CREATE TEMP TABLE asked AS
SELECT strftime(opens, '%Y-%m') AS month, opens, CAST(opens + INTERVAL 1 MONTH AS DATE) AS closes,
       CAST(opens - INTERVAL 11 MONTH AS DATE) AS year_opens
FROM (SELECT CAST(unnest(generate_series(CAST($through AS DATE) - to_months(CAST($last AS INTEGER)), CAST($through AS DATE) - INTERVAL 1 MONTH,
                                         INTERVAL 1 MONTH)) AS DATE) AS opens);

CREATE TEMP TABLE owner AS
WITH RECURSIVE latest AS (
    SELECT account_id, arg_max(struct_pack(to_account := merged_into), valid_from).to_account AS merged_into FROM accounts GROUP BY account_id
),
chain AS (
    SELECT account_id, merged_into AS owner FROM latest WHERE merged_into IS NOT NULL
    UNION
    SELECT chain.account_id, latest.merged_into FROM chain JOIN latest ON latest.account_id = chain.owner WHERE latest.merged_into IS NOT NULL
)
SELECT account_id, owner FROM chain
WHERE NOT EXISTS (SELECT 1 FROM latest WHERE latest.account_id = chain.owner AND latest.merged_into IS NOT NULL);

-- The dollar, and all others from each of their days on.
CREATE TEMP TABLE rate AS
SELECT currency, day, rate FROM fx_rates WHERE rate > 0
UNION ALL SELECT 'USD', DATE '1900-01-01', 1;
