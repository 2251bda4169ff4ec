-- What people and the clock do to orders.

-- Cancels an order for its shopper, or for support on the shopper's behalf (`p_staff`). Cancelling twice is no error
-- while the money is on its way back.
-- Outcomes: ok, not_found (another's order too), too_late.
CREATE FUNCTION cancel_order(p_order uuid, p_user uuid, p_staff boolean, p_traceparent text, OUT outcome text,
  OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  o orders;
BEGIN
  SELECT * INTO o FROM orders WHERE id = p_order AND (user_id = p_user OR p_staff) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'not_found';
    RETURN;
  END IF;
  IF o.status IN ('placed', 'reserved', 'confirmed') THEN
    PERFORM cancel_orders(ARRAY[ROW(p_order, 'by_shopper',
      CASE WHEN o.user_id <> p_user THEN 'By support, for the shopper.' END, p_traceparent)::cancellation],
      ARRAY['placed', 'reserved', 'confirmed']);
    outcome := 'ok';
  ELSIF o.status = 'cancelled' THEN
    outcome := 'ok';
  ELSE
    outcome := 'too_late';
  END IF;
  SELECT order_view(now_is) INTO body FROM orders now_is WHERE id = p_order;
END
$$;

-- Hands an order to the carrier, or notes that it arrived. `p_status` is shipped or delivered.
-- Outcomes: ok (also when it was there already), not_found, not_possible.
CREATE FUNCTION move_parcel(p_order uuid, p_status text, p_traceparent text, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  o orders;
BEGIN
  SELECT * INTO o FROM orders WHERE id = p_order FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'not_found';
    RETURN;
  END IF;
  IF p_status IN ('shipped', 'delivered') AND order_may_become(o.status, p_status) THEN
    UPDATE orders SET status = p_status, status_at = clock_timestamp(),
      shipping_address = CASE WHEN p_status = 'delivered' AND email = 'erased@souk.invalid' THEN '{}'
        ELSE shipping_address END
    WHERE id = p_order RETURNING * INTO o;
    INSERT INTO order_timeline (order_id, status) VALUES (p_order, p_status);
    PERFORM emit('souk:order', 'order.' || p_status, 1, p_order::text, p_traceparent, order_summary(o));
    outcome := 'ok';
  ELSIF o.status = p_status THEN
    outcome := 'ok';
  ELSE
    outcome := 'not_possible';
  END IF;
  SELECT order_view(now_is) INTO body FROM orders now_is WHERE id = p_order;
END
$$;

-- Cancels what has waited too long for stock or for its payment, counted from its last step. Orders that someone else
-- is working on are left for the next tick. Returns how many were cancelled.
CREATE FUNCTION cancel_overdue(p_timeout_s int) RETURNS bigint
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  cutoff timestamptz := clock_timestamp() - make_interval(secs => p_timeout_s);
  overdue cancellation[];
BEGIN
  DELETE FROM order_timers t USING (
    SELECT d.armed_at, d.order_id FROM order_timers d JOIN orders o ON o.id = d.order_id
    WHERE d.armed_at < cutoff AND o.status NOT IN ('placed', 'reserved')
    ORDER BY d.armed_at LIMIT 5000 FOR UPDATE OF d SKIP LOCKED
  ) AS settled
  WHERE t.armed_at = settled.armed_at AND t.order_id = settled.order_id;
  WITH due AS (
    SELECT d.armed_at, d.order_id, o.status_at FROM order_timers d JOIN orders o ON o.id = d.order_id
    WHERE d.armed_at < cutoff AND o.status IN ('placed', 'reserved')
    ORDER BY d.armed_at LIMIT 500 FOR UPDATE SKIP LOCKED
  ), rearmed AS (
    UPDATE order_timers t SET armed_at = due.status_at FROM due
    WHERE t.armed_at = due.armed_at AND t.order_id = due.order_id AND due.status_at >= cutoff
  )
  SELECT array_agg(ROW(order_id, 'payment_timeout', NULL, NULL)::cancellation ORDER BY order_id)
  INTO overdue FROM due WHERE status_at < cutoff;
  RETURN CASE WHEN overdue IS NULL THEN 0 ELSE cancel_orders(overdue, ARRAY['placed', 'reserved']) END;
END
$$;

-- Forgets what has served its time: idempotency records after a day, applied event ids after a week, carts that
-- nobody touched for 90 days (their ids begin with the time they were made). A bounded amount at a time.
CREATE FUNCTION clean_up() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM idempotency_keys WHERE (user_id, key) IN (
    SELECT user_id, key FROM idempotency_keys WHERE created_at < now() - interval '1 day'
    ORDER BY created_at LIMIT 5000 FOR UPDATE SKIP LOCKED);
  DELETE FROM inbox WHERE event_id IN (
    SELECT event_id FROM inbox WHERE received_at < now() - interval '7 days'
    ORDER BY received_at LIMIT 5000 FOR UPDATE SKIP LOCKED);
  DELETE FROM carts WHERE id IN (
    SELECT id FROM carts WHERE updated_at < now() - interval '90 days'
      AND id < (rpad(lpad(to_hex((extract(epoch FROM now() - interval '90 days') * 1000)::bigint), 12, '0'), 32, '0'))::uuid
    ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED);
END
$$;
