-- A provider that said no for good may give the money back all the same. Payment books that as long as there is room for
-- it, and so does the order: the refund is done, whatever was said of it before. For one that finds no room any more,
-- since the shop gave the money back another way meanwhile, orders_refunds_within_capture makes a dead letter.
CREATE OR REPLACE FUNCTION on_payment_refunded(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  WITH settled AS (
    UPDATE order_refunds r SET status = 'refunded', settled_at = clock_timestamp(), failure = NULL
    FROM refund_events(fresh, 'payment.refunded') AS e JOIN order_refunds was ON was.refund_id = e.refund_id
    WHERE r.refund_id = e.refund_id AND r.status <> 'refunded'
    RETURNING r.order_id, r.amount_minor, CASE was.status WHEN 'failed' THEN r.amount_minor ELSE 0 END AS again_minor
  ), back AS (
    SELECT order_id, sum(amount_minor)::bigint AS amount_minor, sum(again_minor)::bigint AS again_minor
    FROM settled GROUP BY order_id
  ), moved AS (
    UPDATE orders o SET refund_minor = o.refund_minor + b.again_minor, refunded_minor = o.refunded_minor + b.amount_minor,
      status = CASE WHEN m.is_all THEN 'refunded' ELSE o.status END,
      status_at = CASE WHEN m.is_all THEN clock_timestamp() ELSE o.status_at END,
      reason = CASE WHEN m.is_all THEN coalesce(o.reason, CASE o.status WHEN 'returned' THEN 'returned' ELSE 'by_support' END)
        ELSE o.reason END,
      shipping_address = CASE WHEN m.is_all AND o.email = 'erased@souk.invalid' THEN '{}' ELSE o.shipping_address END
    FROM back b JOIN orders was ON was.id = b.order_id CROSS JOIN LATERAL (
      SELECT was.refunded_minor + b.amount_minor = was.captured_minor AND order_may_become(was.status, 'refunded') AS is_all
    ) AS m
    WHERE o.id = b.order_id
    RETURNING o.id, CASE WHEN m.is_all THEN 'refunded' ELSE 'partly_refunded' END AS entry
  )
  INSERT INTO order_timeline (order_id, status, nth)
  SELECT m.id, m.entry,
    (SELECT count(*) + 1 FROM order_timeline t WHERE t.order_id = m.id AND t.status = m.entry)
  FROM moved m;
END
$$;
