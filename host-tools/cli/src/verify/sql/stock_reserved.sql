-- The pieces of a SKU that are reserved at a location are those of its active reservations.
WITH held AS (
  SELECT l.sku, l.location, sum(l.quantity) AS pieces
  FROM reservation_lines l JOIN reservations r USING (order_id)
  WHERE r.status = 'active'
  GROUP BY l.sku, l.location
), compared AS (
  SELECT s.sku, s.location, s.reserved, coalesce(h.pieces, 0) AS pieces
  FROM stock s LEFT JOIN held h USING (sku, location)
)
SELECT count(*) AS checked,
       coalesce(array_agg(sku || '@' || location) FILTER (WHERE reserved <> pieces), '{}') AS keys,
       coalesce(array_agg(format('reserved %s, reservations hold %s', reserved, pieces)) FILTER (WHERE reserved <> pieces), '{}') AS details
FROM compared
