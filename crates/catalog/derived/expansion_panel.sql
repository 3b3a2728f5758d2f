-- One row an asked period and account that was a customer at any time in it: whether by the close it bought more of a product it held
-- (quantity or a higher tier), a product it did not hold, or only pays a higher price; and whether there was a product left to sell it. Of who was a
-- customer at the opening, the MRR that this added, at the opening's rates.
WITH product AS (
    SELECT *,
           opening_quantity IS NOT NULL AND closing_quantity IS NOT NULL
               AND (closing_quantity > opening_quantity OR coalesce(closing_tier > opening_tier, false)) AS upsold,
           opening_quantity IS NULL AND closing_quantity IS NOT NULL AS cross_sold
    FROM product_panel
),
bought AS (
    SELECT period, account_id,
           bool_or(upsold) AS upsold, bool_or(cross_sold) AS cross_sold,
           sum(CASE WHEN upsold THEN greatest(closing_mrr - opening_mrr, 0) ELSE 0 END) AS upsell_mrr,
           sum(CASE WHEN cross_sold THEN closing_mrr ELSE 0 END) AS cross_sell_mrr,
           bool_or(opening_quantity IS NOT NULL AND closing_quantity = opening_quantity
                   AND NOT coalesce(closing_tier > opening_tier, false) AND closing_price > opening_price) AS price_uplift,
           count(opening_quantity) AS products_held
    FROM product
    GROUP BY period, account_id
),
on_sale AS (
    SELECT asked.period AS period, count(DISTINCT coalesce(line.product, '')) AS products
    FROM mrr_lines AS line
    JOIN asked ON line.starts_at <= asked.closing
    GROUP BY asked.period
)
SELECT panel.period AS period, panel.account_id AS account_id, panel.opening_active AS opening_active, panel.closing_active AS closing_active,
       panel.opening_mrr AS opening_mrr, panel.closing_mrr AS closing_mrr,
       coalesce(bought.upsold, false) AS upsold, coalesce(bought.cross_sold, false) AS cross_sold,
       coalesce(bought.price_uplift, false) AS price_uplift,
       CAST(CASE WHEN panel.opening_active THEN coalesce(bought.upsell_mrr, 0) ELSE 0 END AS DECIMAL(38, 10)) AS upsell_mrr,
       CAST(CASE WHEN panel.opening_active THEN coalesce(bought.cross_sell_mrr, 0) ELSE 0 END AS DECIMAL(38, 10)) AS cross_sell_mrr,
       panel.unpriced AS unpriced,
       coalesce(bought.products_held, 0) >= on_sale.products AS holds_all
FROM account_panel AS panel
LEFT JOIN bought ON bought.period = panel.period AND bought.account_id = panel.account_id
LEFT JOIN on_sale ON on_sale.period = panel.period
