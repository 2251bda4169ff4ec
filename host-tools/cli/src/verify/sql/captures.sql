-- Every capture, how much of it is given back or to be given back (a refund that failed for good counts no more), and
-- how much was.
SELECT c.order_id::text AS order_id, c.amount_minor, c.currency,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.status <> 'failed'), 0)::bigint AS promised_minor,
       coalesce(sum(r.amount_minor) FILTER (WHERE r.status = 'refunded'), 0)::bigint AS refunded_minor
FROM captures c LEFT JOIN refunds r USING (order_id)
GROUP BY c.order_id
