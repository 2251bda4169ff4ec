-- The stock ledger's movements add up to what the stock says.
WITH booked AS (
  SELECT sku, location, sum(delta_available) AS available, sum(delta_reserved) AS reserved, sum(delta_committed) AS committed
  FROM stock_ledger GROUP BY sku, location
), compared AS (
  SELECT s.sku, s.location, format('%s/%s/%s', s.available, s.reserved, s.committed) AS stock,
         format('%s/%s/%s', coalesce(b.available, 0), coalesce(b.reserved, 0), coalesce(b.committed, 0)) AS ledger
  FROM stock s LEFT JOIN booked b USING (sku, location)
)
SELECT count(*) AS checked,
       coalesce(array_agg(sku || '@' || location) FILTER (WHERE stock <> ledger), '{}') AS keys,
       coalesce(array_agg(format('available/reserved/committed %s, ledger %s', stock, ledger)) FILTER (WHERE stock <> ledger), '{}')
         AS details
FROM compared
