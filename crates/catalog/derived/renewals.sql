-- One row a contract term that another renewed, with the one that did. Who names the term in renewal_of renews it, the first to begin where
-- several do. Else it is a term of the same account and product that begins after it, up to renewal_grace_days after its end, and reaches
-- past that end. A contract renews one term only: the one whose end lies nearest to its start; where as many begin as are due they are
-- matched in order, and what is left over is matched once more.
WITH term AS (
    SELECT contract_id, account_id, coalesce(product, '') AS product, renewal_of, started_at, ends_at,
           add_days(ends_at, $renewal_grace_days) AS grace_ends_at
    FROM contracts
),
named AS (
    SELECT contract_id, successor_id
    FROM (SELECT term.contract_id, later.contract_id AS successor_id,
                 row_number() OVER (PARTITION BY term.contract_id ORDER BY later.started_at, later.contract_id) AS choice
          FROM term
          JOIN term AS later
            ON later.renewal_of = term.contract_id AND later.account_id = term.account_id AND later.contract_id <> term.contract_id
           AND later.started_at > term.started_at AND later.started_at <= term.grace_ends_at) AS naming
    WHERE choice = 1
),
possible AS (
    SELECT term.contract_id, later.contract_id AS successor_id, term.account_id, term.product, term.ends_at, later.started_at,
           abs(CAST(later.started_at AS BIGINT) - CAST(term.ends_at AS BIGINT)) AS apart
    FROM term
    JOIN term AS later
      ON later.account_id = term.account_id AND later.product = term.product AND later.renewal_of IS NULL
     AND later.started_at > term.started_at AND later.started_at <= term.grace_ends_at AND later.ends_at > term.ends_at
    WHERE NOT EXISTS (SELECT 1 FROM named WHERE named.contract_id = term.contract_id)
),
nearest AS (
    SELECT *, dense_rank() OVER (PARTITION BY successor_id ORDER BY apart, ends_at) AS nearness
    FROM possible
),
first_match AS (
    SELECT contract_id, successor_id
    FROM (SELECT contract_id, successor_id,
                 dense_rank() OVER (PARTITION BY account_id, product, ends_at ORDER BY contract_id) AS due,
                 dense_rank() OVER (PARTITION BY account_id, product, ends_at ORDER BY started_at, successor_id) AS begun
          FROM nearest
          WHERE nearness = 1) AS ranked
    WHERE due = begun
),
left_over AS (
    SELECT *, dense_rank() OVER (PARTITION BY successor_id ORDER BY apart, ends_at) AS nearness
    FROM possible
    WHERE NOT EXISTS (SELECT 1 FROM first_match WHERE first_match.contract_id = possible.contract_id)
      AND NOT EXISTS (SELECT 1 FROM first_match WHERE first_match.successor_id = possible.successor_id)
),
second_match AS (
    SELECT contract_id, successor_id
    FROM (SELECT contract_id, successor_id,
                 dense_rank() OVER (PARTITION BY account_id, product, ends_at ORDER BY contract_id) AS due,
                 dense_rank() OVER (PARTITION BY account_id, product, ends_at ORDER BY started_at, successor_id) AS begun
          FROM left_over
          WHERE nearness = 1) AS ranked
    WHERE due = begun
)
SELECT contract_id, successor_id FROM named
UNION ALL SELECT contract_id, successor_id FROM first_match
UNION ALL SELECT contract_id, successor_id FROM second_match
