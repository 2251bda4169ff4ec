-- The refunds of each capture, but for those that failed, add up to what the capture says is given back, and not to
-- more than was captured.
WITH captured AS (
  SELECT c.order_id, c.amount_minor, c.refunded_minor,
         coalesce(sum(r.amount_minor) FILTER (WHERE r.status <> 'failed'), 0) AS refunds
  FROM captures c LEFT JOIN refunds r USING (order_id)
  GROUP BY c.order_id
), judged AS (
  SELECT *, refunds = refunded_minor AND refunds <= amount_minor AS holds FROM captured
)
SELECT count(*) AS checked,
       coalesce(array_agg(order_id::text) FILTER (WHERE NOT holds), '{}') AS keys,
       coalesce(array_agg(format('captured %s, refunds of %s, noted %s', amount_minor, refunds, refunded_minor))
         FILTER (WHERE NOT holds), '{}') AS details
FROM judged
