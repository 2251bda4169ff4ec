-- The pieces of a SKU that are committed at a location are those of its committed reservations that did not come back.
WITH held AS (
  SELECT l.sku, l.location, sum(l.quantity - l.returned) AS pieces
  FROM reservation_lines l JOIN reservations r USING (order_id)
  WHERE r.status = 'committed'
  GROUP BY l.sku, l.location
), compared AS (
  SELECT s.sku, s.location, s.committed, coalesce(h.pieces, 0) AS pieces
  FROM stock s LEFT JOIN held h USING (sku, location)
)
SELECT count(*) AS checked,
       coalesce(array_agg(sku || '@' || location) FILTER (WHERE committed <> pieces), '{}') AS keys,
       coalesce(array_agg(format('committed %s, reservations hold %s', committed, pieces)) FILTER (WHERE committed <> pieces), '{}') AS details
FROM compared
