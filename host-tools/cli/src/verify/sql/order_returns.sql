-- No more pieces of a line are in returns than were bought, and the line's counters say how many.
WITH sent AS (
  SELECT r.order_id, l.sku, coalesce(sum(l.quantity) FILTER (WHERE r.status <> 'rejected'), 0) AS asked,
         coalesce(sum(l.quantity) FILTER (WHERE r.status = 'accepted'), 0) AS returned
  FROM order_returns r JOIN order_return_lines l USING (return_id)
  GROUP BY r.order_id, l.sku
), bought AS (
  SELECT order_id, sku, sum(quantity) AS quantity FROM order_items
  WHERE order_id IN (SELECT order_id FROM sent) GROUP BY order_id, sku
), judged AS (
  SELECT o.number, s.sku, s.asked, s.returned, coalesce(b.quantity, 0) AS bought,
         s.asked <= coalesce(b.quantity, 0) AND (s.asked, s.returned) IS NOT DISTINCT FROM (g.asked, g.returned) AS holds
  FROM sent s JOIN orders o ON o.id = s.order_id
  LEFT JOIN bought b USING (order_id, sku) LEFT JOIN order_returned_pieces g USING (order_id, sku)
)
SELECT count(*) AS checked,
       coalesce(array_agg(number || ' ' || sku) FILTER (WHERE NOT holds), '{}') AS keys,
       coalesce(array_agg(format('bought %s, %s in returns, %s of them back', bought, asked, returned))
         FILTER (WHERE NOT holds), '{}') AS details
FROM judged
