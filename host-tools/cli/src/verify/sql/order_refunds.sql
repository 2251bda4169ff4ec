-- The refunds of each order, but for those that failed, add up to what the order says, and not to more than was captured.
WITH asked AS (
  SELECT o.number, o.captured_minor, o.refund_minor, o.refunded_minor,
         coalesce(sum(r.amount_minor) FILTER (WHERE r.status <> 'failed'), 0) AS refunds,
         coalesce(sum(r.amount_minor) FILTER (WHERE r.status = 'refunded'), 0) AS done
  FROM orders o LEFT JOIN order_refunds r ON r.order_id = o.id
  WHERE o.captured_minor IS NOT NULL OR r.order_id IS NOT NULL
  GROUP BY o.id
), judged AS (
  SELECT *, refunds = refund_minor AND done = refunded_minor AND refunds <= coalesce(captured_minor, 0) AS holds FROM asked
)
SELECT count(*) AS checked,
       coalesce(array_agg(number) FILTER (WHERE NOT holds), '{}') AS keys,
       coalesce(array_agg(format('captured %s, refunds of %s (%s of them done), noted %s (%s)',
         captured_minor, refunds, done, refund_minor, refunded_minor)) FILTER (WHERE NOT holds), '{}') AS details
FROM judged
