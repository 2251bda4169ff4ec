-- A code with a limit was used as often as it says and no more often than it may be, and each order that stands has used
-- its codes. An order that ended may have given its use back or not.
WITH uses AS (
  SELECT code, count(*) AS uses FROM promotion_redemptions GROUP BY code
), unused AS (
  SELECT q.code, count(*) AS orders
  FROM orders o CROSS JOIN unnest(o.promotion_codes) AS asked (code)
  JOIN promotions q ON q.code = asked.code AND q.created_at <= o.placed_at
  WHERE o.status NOT IN ('rejected', 'cancelled', 'refunded')
    AND NOT EXISTS (SELECT FROM promotion_redemptions r WHERE r.order_id = o.id AND r.code = q.code)
  GROUP BY q.code
), judged AS (
  SELECT q.code, q.used, q.max_uses, coalesce(u.uses, 0) AS uses, coalesce(n.orders, 0) AS unused,
         (q.max_uses IS NULL OR q.used = coalesce(u.uses, 0) AND q.used <= q.max_uses) AND n.code IS NULL AS holds
  FROM promotions q LEFT JOIN uses u USING (code) LEFT JOIN unused n USING (code)
)
SELECT count(*) AS checked,
       coalesce(array_agg(code) FILTER (WHERE NOT holds), '{}') AS keys,
       coalesce(array_agg(format('says %s of %s uses, there are %s, and %s orders have it without a use',
         used, coalesce(max_uses::text, 'any number of'), uses, unused)) FILTER (WHERE NOT holds), '{}') AS details
FROM judged
