-- An order's subtotal is what its lines cost, its total that less the discounts with shipping and tax, and what of the
-- discounts is shared out to lines is all of them, on no line more than it costs.
WITH lines AS (
  SELECT i.order_id, sum(i.unit_price_minor * i.quantity) AS goods, sum(d.discount_minor) AS shared,
         bool_and(coalesce(d.discount_minor, 0) <= i.unit_price_minor * i.quantity) AS is_within
  FROM order_items i LEFT JOIN order_line_discounts d ON d.order_id = i.order_id AND d.position = i.position
  GROUP BY i.order_id
), judged AS (
  SELECT o.number, o.subtotal_minor, o.discount_minor, o.shipping_minor, o.tax_minor, o.total_minor, l.goods, l.shared,
         l.goods = o.subtotal_minor AND coalesce(l.shared, o.discount_minor) = o.discount_minor AND l.is_within
           AND coalesce(o.shipping_tax_minor, 0) BETWEEN 0 AND o.tax_minor
           AND o.total_minor = o.subtotal_minor - o.discount_minor + o.shipping_minor + o.tax_minor AS holds
  FROM orders o LEFT JOIN lines l ON l.order_id = o.id
)
SELECT count(*) AS checked,
       coalesce(array_agg(number) FILTER (WHERE holds IS NOT TRUE), '{}') AS keys,
       coalesce(array_agg(format('lines of %s and discounts of %s on them; says %s - %s + %s + %s = %s', goods, coalesce(shared, 0),
         subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor)) FILTER (WHERE holds IS NOT TRUE), '{}')
         AS details
FROM judged
