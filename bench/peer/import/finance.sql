CREATE TEMP TABLE staged_fx_rates AS
SELECT *, CASE WHEN day IS NULL THEN 'day is missing or unreadable'
               WHEN rate IS NULL OR rate < 0 THEN 'rate is unreadable or negative' END AS fault
FROM (
    UNPIVOT (SELECT try_cast("Date" AS DATE) AS day, try_cast("EUR" AS DECIMAL(18, 10)) AS "EUR", try_cast("GBP" AS DECIMAL(18, 10)) AS "GBP"
             FROM read_csv($exports || '/finance/fx_rates.csv', all_varchar = true, nullstr = ['', 'N/A']))
    ON "EUR", "GBP" INTO NAME currency VALUE rate
);
