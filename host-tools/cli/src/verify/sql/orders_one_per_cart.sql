-- A cart becomes at most one order.
WITH carts AS (
  SELECT cart_id, count(*) AS orders, string_agg(number, ', ' ORDER BY number) AS numbers FROM orders GROUP BY cart_id
)
SELECT count(*) AS checked,
       coalesce(array_agg(cart_id::text) FILTER (WHERE orders > 1), '{}') AS keys,
       coalesce(array_agg('became ' || numbers) FILTER (WHERE orders > 1), '{}') AS details
FROM carts
