-- What callers see.

CREATE FUNCTION money(amount_minor bigint, currency text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_build_object('amount_minor', amount_minor, 'currency', currency) $$;

-- One payment; no row for an order that never asked for money.
CREATE VIEW payment_view AS
SELECT i.order_id, i.user_id, jsonb_build_object(
  'order_id', i.order_id, 'payment_id', i.payment_id, 'number', i.number, 'status',
    CASE WHEN r.status = 'refunded' THEN 'refunded' WHEN i.status = 'charging' THEN 'pending' ELSE i.status END,
  'attempt', i.attempt, 'amount', money(i.amount_minor, i.currency),
  'captured', CASE WHEN c.order_id IS NOT NULL THEN jsonb_build_object('amount', money(c.amount_minor, c.currency),
    'gateway_reference', c.gateway_reference, 'at', rfc3339(c.captured_at)) END,
  'declined', CASE WHEN i.status = 'declined'
    THEN jsonb_build_object('reason', i.decline_code, 'message', i.decline_message, 'at', rfc3339(i.settled_at)) END,
  'refund', CASE WHEN r.order_id IS NOT NULL THEN jsonb_build_object('amount', money(r.amount_minor, r.currency),
    'status', r.status, 'reason', r.reason, 'requested_at', rfc3339(r.requested_at),
    'refunded_at', rfc3339(r.refunded_at)) END,
  'created_at', rfc3339(i.created_at)) AS payment
FROM intents i LEFT JOIN captures c USING (order_id) LEFT JOIN refunds r USING (order_id)
WHERE i.amount_minor IS NOT NULL;

-- Refunds, newest first, below the key (`before_us`, `before_order`): microseconds since 1970 and the order.
CREATE FUNCTION refund_page(of_status text, before_us bigint, before_order uuid, at_most bigint)
RETURNS TABLE (requested_us bigint, order_id uuid, refund jsonb)
LANGUAGE sql STABLE AS $$
  SELECT (extract(epoch FROM r.requested_at) * 1000000)::bigint, r.order_id, jsonb_build_object(
    'order_id', r.order_id, 'number', i.number, 'amount', money(r.amount_minor, r.currency), 'status', r.status,
    'reason', r.reason, 'tries', r.tries, 'last_code', r.last_code, 'last_message', r.last_message,
    'gateway_reference', r.gateway_reference, 'requested_at', rfc3339(r.requested_at),
    'refunded_at', rfc3339(r.refunded_at))
  FROM refunds r JOIN intents i USING (order_id)
  WHERE (of_status IS NULL OR r.status = of_status)
    AND (before_us IS NULL
      OR (r.requested_at, r.order_id) < (timestamptz 'epoch' + before_us * interval '1 microsecond', before_order))
  ORDER BY r.requested_at DESC, r.order_id DESC LIMIT at_most
$$;

-- Removes inbox rows that no redelivery can refer to any more.
CREATE FUNCTION forget_old_events(batch_size int) RETURNS bigint
LANGUAGE sql AS $$
  WITH gone AS (
    DELETE FROM inbox WHERE event_id IN (
      SELECT event_id FROM inbox WHERE received_at < now() - interval '7 days'
      ORDER BY received_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$;
