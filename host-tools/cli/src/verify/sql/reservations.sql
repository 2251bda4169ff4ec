-- Every reservation that holds pieces or has sold some that did not all come back, with its lines as in orders.sql.
SELECT r.order_id::text AS order_id, r.status,
       (SELECT string_agg(l.sku || ' ' || l.quantity, ', ' ORDER BY l.sku COLLATE "C")
        FROM (SELECT sku, sum(quantity) AS quantity FROM reservation_lines WHERE order_id = r.order_id GROUP BY sku) AS l) AS lines
FROM reservations r
WHERE r.status = 'active'
   OR r.status = 'committed' AND EXISTS (SELECT FROM reservation_lines l WHERE l.order_id = r.order_id AND l.returned < l.quantity)
