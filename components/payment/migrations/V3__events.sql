-- What the order service's events do. Nothing here talks to the gateway.

CREATE FUNCTION apply_events(batch jsonb) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  fresh jsonb;
  never_captured uuid;
BEGIN
  SELECT jsonb_agg(n.event ORDER BY n.ord) INTO fresh FROM take_new(batch) AS n;
  IF fresh IS NULL THEN
    RETURN 0;
  END IF;
  -- Up front and in one order, so that two replicas never wait for each other in a circle.
  PERFORM 1 FROM intents
  WHERE order_id IN (SELECT (e.value -> 'data' ->> 'order_id')::uuid FROM jsonb_array_elements(fresh) AS e)
  ORDER BY order_id FOR UPDATE;

  -- A second request for an order, or one for an order that was cancelled before it came, changes nothing.
  INSERT INTO intents (order_id, number, user_id, attempt, amount_minor, currency, payment_token, traceparent,
    status, due_at)
  SELECT (e.value -> 'data' ->> 'order_id')::uuid, e.value -> 'data' ->> 'number',
    (e.value -> 'data' ->> 'user_id')::uuid, (e.value -> 'data' ->> 'attempt')::int, (e.value -> 'data' -> 'amount' ->> 'amount_minor')::bigint,
    e.value -> 'data' -> 'amount' ->> 'currency', e.value -> 'data' ->> 'payment_token', e.value ->> 'traceparent',
    'pending', clock_timestamp()
  FROM jsonb_array_elements(fresh) AS e
  WHERE e.value ->> 'type' = 'order.payment_requested'
  ORDER BY 1
  ON CONFLICT (order_id) DO NOTHING;

  -- What was not begun is never charged. What is under way is brought to its end: the order asks for the money back.
  INSERT INTO intents (order_id, status, order_cancelled_at)
  SELECT DISTINCT (e.value -> 'data' ->> 'order_id')::uuid, 'cancelled', clock_timestamp()
  FROM jsonb_array_elements(fresh) AS e
  WHERE e.value ->> 'type' = 'order.cancelled'
  ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET
    order_cancelled_at = coalesce(intents.order_cancelled_at, excluded.order_cancelled_at),
    status = CASE intents.status WHEN 'pending' THEN 'cancelled' ELSE intents.status END,
    due_at = CASE intents.status WHEN 'pending' THEN NULL ELSE intents.due_at END,
    payment_token = CASE intents.status WHEN 'pending' THEN NULL ELSE intents.payment_token END,
    settled_at = CASE intents.status WHEN 'pending' THEN clock_timestamp() ELSE intents.settled_at END;

  -- The order learns of a capture from us, so a refund of something never captured is a defect: it becomes a dead
  -- letter.
  SELECT (e.value -> 'data' ->> 'order_id')::uuid INTO never_captured
  FROM jsonb_array_elements(fresh) AS e
  WHERE e.value ->> 'type' = 'order.refund_requested'
    AND NOT EXISTS (SELECT FROM captures c WHERE c.order_id = (e.value -> 'data' ->> 'order_id')::uuid)
  LIMIT 1;
  IF never_captured IS NOT NULL THEN
    RAISE EXCEPTION 'a refund was requested for order %, of which nothing was captured', never_captured;
  END IF;
  INSERT INTO refunds (order_id, refund_key, captured_minor, amount_minor, currency, reason, traceparent)
  SELECT c.order_id, c.order_id || ':refund', c.amount_minor,
    (e.value -> 'data' -> 'amount' ->> 'amount_minor')::bigint, e.value -> 'data' -> 'amount' ->> 'currency', e.value -> 'data' ->> 'reason', e.value ->> 'traceparent'
  FROM jsonb_array_elements(fresh) AS e JOIN captures c ON c.order_id = (e.value -> 'data' ->> 'order_id')::uuid
  WHERE e.value ->> 'type' = 'order.refund_requested'
  ORDER BY 1
  ON CONFLICT (order_id) DO NOTHING;

  RETURN jsonb_array_length(fresh);
END
$$;
