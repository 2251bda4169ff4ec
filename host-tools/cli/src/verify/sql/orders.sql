-- Every order with its lines, as `SKU quantity` in SKU order.
SELECT o.id::text AS id, o.number, o.status::text AS status, o.total_minor::bigint AS total_minor, o.currency::text AS currency,
       (SELECT string_agg(i.sku || ' ' || i.quantity, ', ' ORDER BY i.sku COLLATE "C")
        FROM (SELECT sku, sum(quantity) AS quantity FROM order_items WHERE order_id = o.id GROUP BY sku) AS i) AS lines,
       EXISTS (SELECT FROM order_timeline t WHERE t.order_id = o.id AND t.status = 'confirmed') AS was_confirmed,
       EXISTS (SELECT FROM order_timeline t WHERE t.order_id = o.id AND t.status = 'shipped') AS was_shipped,
       o.email = 'erased@souk.invalid' AS is_erased,
       o.refund_minor, o.refunded_minor
FROM orders o
