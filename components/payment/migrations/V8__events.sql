-- What the order service's events do, now that a declined payment may be tried again, a hold be let go, and an order be
-- refunded in parts. Nothing here talks to the gateway.

-- A second request for an order changes nothing, nor does one for an order that was cancelled before it came. Only
-- after the provider refused, which is for good, may an attempt with a higher number begin; after one that merely
-- cannot be found it may not, for its money might turn up after all.
CREATE FUNCTION on_payment_requested(fresh jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO intents (order_id, number, user_id, attempt, amount_minor, currency, payment_token, traceparent,
    status, due_at)
  SELECT DISTINCT ON (1) (e.value -> 'data' ->> 'order_id')::uuid, e.value -> 'data' ->> 'number',
    (e.value -> 'data' ->> 'user_id')::uuid, (e.value -> 'data' ->> 'attempt')::int,
    (e.value -> 'data' -> 'amount' ->> 'amount_minor')::bigint, e.value -> 'data' -> 'amount' ->> 'currency',
    e.value -> 'data' ->> 'payment_token', e.value ->> 'traceparent', 'pending', clock_timestamp()
  FROM jsonb_array_elements(fresh) AS e
  WHERE e.value ->> 'type' = 'order.payment_requested'
  ORDER BY 1, 4 DESC
  ON CONFLICT (order_id) DO UPDATE SET
    attempt = excluded.attempt, amount_minor = excluded.amount_minor, currency = excluded.currency,
    payment_token = excluded.payment_token, traceparent = excluded.traceparent, status = 'pending', claims = 0,
    lookups = 0, due_at = excluded.due_at, decline_code = NULL, decline_message = NULL, settled_at = NULL
    WHERE intents.status = 'declined' AND intents.decline_code <> 'not_charged'
      AND intents.attempt < excluded.attempt AND intents.order_cancelled_at IS NULL;
END
$$;

-- What was not begun is never charged, and what is held is let go. What is under way is brought to its end: a hold that
-- turns up is let go, and for money that was taken the order asks.
CREATE FUNCTION on_order_cancelled(fresh jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO intents (order_id, status, order_cancelled_at)
  SELECT DISTINCT (e.value -> 'data' ->> 'order_id')::uuid, 'cancelled', clock_timestamp()
  FROM jsonb_array_elements(fresh) AS e
  WHERE e.value ->> 'type' = 'order.cancelled'
  ORDER BY 1
  ON CONFLICT (order_id) DO UPDATE SET
    order_cancelled_at = coalesce(intents.order_cancelled_at, excluded.order_cancelled_at),
    status = CASE intents.status WHEN 'pending' THEN 'cancelled' WHEN 'authorized' THEN 'voiding'
      ELSE intents.status END,
    void_reason = CASE intents.status WHEN 'authorized' THEN 'order_cancelled' ELSE intents.void_reason END,
    due_at = CASE intents.status WHEN 'pending' THEN NULL WHEN 'authorized' THEN clock_timestamp()
      ELSE intents.due_at END,
    payment_token = CASE intents.status WHEN 'pending' THEN NULL ELSE intents.payment_token END,
    settled_at = CASE intents.status WHEN 'pending' THEN clock_timestamp() ELSE intents.settled_at END;
END
$$;

-- A refund without an id, as older events have it, is the one refund of its order. What cannot be is a defect of the
-- sender and becomes a dead letter: a refund of something never captured (the order learns of captures from us), of more
-- than is left of it, or one id for two different refunds.
CREATE FUNCTION on_refund_requested(fresh jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  wrong uuid;
BEGIN
  SELECT (e.value -> 'data' ->> 'order_id')::uuid INTO wrong
  FROM jsonb_array_elements(fresh) AS e
  WHERE e.value ->> 'type' = 'order.refund_requested'
    AND NOT EXISTS (SELECT FROM captures c WHERE c.order_id = (e.value -> 'data' ->> 'order_id')::uuid)
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'a refund was requested for order %, of which nothing was captured', wrong;
  END IF;
  WITH given AS (
    SELECT (e.value -> 'data' ->> 'order_id')::uuid AS order_id,
      coalesce(e.value -> 'data' ->> 'refund_id', e.value -> 'data' ->> 'order_id')::uuid AS refund_id,
      (e.value -> 'data' -> 'amount' ->> 'amount_minor')::bigint AS amount_minor,
      e.value -> 'data' -> 'amount' ->> 'currency' AS currency, e.value -> 'data' ->> 'reason' AS reason,
      e.value ->> 'traceparent' AS traceparent
    FROM jsonb_array_elements(fresh) AS e
    WHERE e.value ->> 'type' = 'order.refund_requested'
  ), added AS (
    INSERT INTO refunds (refund_id, order_id, refund_key, captured_minor, amount_minor, currency, reason, traceparent)
    SELECT g.refund_id, g.order_id,
      g.order_id || ':refund' || CASE WHEN g.refund_id = g.order_id THEN '' ELSE ':' || g.refund_id END,
      c.amount_minor, g.amount_minor, g.currency, g.reason, g.traceparent
    FROM given g JOIN captures c ON c.order_id = g.order_id
    ORDER BY g.order_id, g.refund_id
    ON CONFLICT (refund_id) DO NOTHING
    RETURNING refund_id, order_id, amount_minor, currency
  ), known AS (
    SELECT * FROM added
    UNION ALL
    SELECT r.refund_id, r.order_id, r.amount_minor, r.currency FROM given g JOIN refunds r ON r.refund_id = g.refund_id
  )
  SELECT g.refund_id INTO wrong
  FROM given g JOIN known k ON k.refund_id = g.refund_id
  WHERE (k.order_id, k.amount_minor, k.currency) <> (g.order_id, g.amount_minor, g.currency)
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'refund % was requested before, of another amount or order', wrong;
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION apply_events(batch jsonb) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  fresh jsonb;
  types text[];
BEGIN
  SELECT jsonb_agg(n.event ORDER BY n.ord), array_agg(DISTINCT n.event ->> 'type') INTO fresh, types
  FROM take_new(batch) AS n;
  IF fresh IS NULL THEN
    RETURN 0;
  END IF;
  -- Up front and in one order, so that two replicas never wait for each other in a circle.
  PERFORM 1 FROM intents
  WHERE order_id IN (SELECT (e.value -> 'data' ->> 'order_id')::uuid FROM jsonb_array_elements(fresh) AS e)
  ORDER BY order_id FOR UPDATE;
  IF 'order.payment_requested' = ANY (types) THEN
    PERFORM on_payment_requested(fresh);
  END IF;
  IF 'order.cancelled' = ANY (types) THEN
    PERFORM on_order_cancelled(fresh);
  END IF;
  IF 'order.refund_requested' = ANY (types) THEN
    PERFORM on_refund_requested(fresh);
  END IF;
  RETURN jsonb_array_length(fresh);
END
$$;
