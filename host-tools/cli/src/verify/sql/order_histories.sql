-- An order's history has the state that it is in.
WITH judged AS (
  SELECT o.number, o.status,
         EXISTS (SELECT FROM order_timeline t WHERE t.order_id = o.id AND t.status = o.status) AS is_told
  FROM orders o
)
SELECT count(*) AS checked,
       coalesce(array_agg(number) FILTER (WHERE NOT is_told), '{}') AS keys,
       coalesce(array_agg('is ' || status) FILTER (WHERE NOT is_told), '{}') AS details
FROM judged
