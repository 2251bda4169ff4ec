-- The entries of each order sum to zero.
WITH orders AS (
  SELECT order_id, currency, sum(amount_minor) AS total FROM ledger_entries GROUP BY order_id, currency
)
SELECT count(*) AS checked,
       coalesce(array_agg(order_id::text) FILTER (WHERE total <> 0), '{}') AS keys,
       coalesce(array_agg(format('off by %s %s', total, currency)) FILTER (WHERE total <> 0), '{}') AS details
FROM orders
