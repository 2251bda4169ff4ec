-- All entries of a currency sum to zero.
WITH currencies AS (
  SELECT currency, sum(amount_minor) AS total FROM ledger_entries GROUP BY currency
)
SELECT count(*) AS checked,
       coalesce(array_agg(currency) FILTER (WHERE total <> 0), '{}') AS keys,
       coalesce(array_agg(format('off by %s', total)) FILTER (WHERE total <> 0), '{}') AS details
FROM currencies
