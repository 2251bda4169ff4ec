-- What the provider owes for an order is what was captured less what was given back.
WITH moved AS (
  SELECT c.order_id, c.amount_minor - coalesce(sum(r.amount_minor), 0) AS kept
  FROM captures c LEFT JOIN refunds r ON r.order_id = c.order_id AND r.status = 'refunded'
  GROUP BY c.order_id
), booked AS (
  SELECT order_id, sum(amount_minor) FILTER (WHERE account = 'gateway') AS kept FROM ledger_entries GROUP BY order_id
), compared AS (
  SELECT order_id, coalesce(m.kept, 0) AS moved, coalesce(b.kept, 0) AS booked FROM moved m FULL JOIN booked b USING (order_id)
)
SELECT count(*) AS checked,
       coalesce(array_agg(order_id::text) FILTER (WHERE moved <> booked), '{}') AS keys,
       coalesce(array_agg(format('captured less refunded %s, ledger %s', moved, booked)) FILTER (WHERE moved <> booked), '{}')
         AS details
FROM compared
