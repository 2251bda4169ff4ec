-- Refunds: several for one order, in part or whole, each with a fate of its own. What was asked back and what is back
-- stand in the order's row, where a constraint compares them with what was captured.

ALTER DOMAIN order_status DROP CONSTRAINT order_status_check;
ALTER DOMAIN order_status ADD CONSTRAINT order_status_check CHECK (VALUE IN
  ('placed', 'reserved', 'confirmed', 'shipped', 'delivered', 'returned', 'rejected', 'cancelled', 'refunded'));
ALTER DOMAIN timeline_status DROP CONSTRAINT timeline_status_check;
ALTER DOMAIN timeline_status ADD CONSTRAINT timeline_status_check CHECK (VALUE IN ('placed', 'reserved',
  'payment_unknown', 'paid', 'confirmed', 'shipped', 'delivered', 'return_requested', 'return_rejected', 'returned',
  'rejected', 'cancelled', 'refund_requested', 'partly_refunded', 'refund_failed', 'refunded'));

CREATE OR REPLACE FUNCTION timeline_rank(status text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(ARRAY['placed', 'reserved', 'payment_unknown', 'paid', 'confirmed', 'shipped', 'delivered',
    'return_requested', 'return_rejected', 'returned', 'rejected', 'cancelled', 'refund_requested', 'partly_refunded',
    'refund_failed', 'refunded'], status)
$$;

CREATE OR REPLACE FUNCTION order_may_become(was text, becomes text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (was, becomes) IN (
    ('placed', 'reserved'), ('placed', 'rejected'), ('placed', 'cancelled'),
    ('reserved', 'confirmed'), ('reserved', 'cancelled'),
    ('confirmed', 'shipped'), ('confirmed', 'cancelled'),
    ('shipped', 'delivered'), ('shipped', 'refunded'),
    ('delivered', 'returned'), ('delivered', 'refunded'), ('returned', 'refunded'),
    ('rejected', 'refunded'), ('cancelled', 'refunded'))
$$;

-- Some things happen to an order more than once: they are counted. The others still cannot, since everybody else
-- writes 1.
ALTER TABLE order_timeline ADD COLUMN nth smallint NOT NULL DEFAULT 1;
ALTER TABLE order_timeline DROP CONSTRAINT order_timeline_pkey;
ALTER TABLE order_timeline ADD PRIMARY KEY (order_id, status, nth);

CREATE OR REPLACE FUNCTION order_timeline_after(p_order uuid, p_seen bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('status', t.status, 'at', rfc3339(t.at)) ORDER BY t.n), '[]')
    FROM (SELECT status, at, row_number() OVER (ORDER BY at, timeline_rank(status), nth) AS n
      FROM order_timeline WHERE order_id = p_order) AS t
    WHERE t.n > p_seen);
END
$$;

-- Notes once more what may happen again. The caller has locked the order.
CREATE FUNCTION note_again(p_order uuid, p_status text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO order_timeline (order_id, status, nth)
  SELECT p_order, p_status, count(*) + 1 FROM order_timeline WHERE order_id = p_order AND status = p_status;
END
$$;

CREATE DOMAIN refund_status AS text CHECK (VALUE IN ('requested', 'refunded', 'failed'));

-- Money asked back of payment. The first refund of an order that ends has the order's own id, by which a payment
-- service that knows of one refund an order knows it, too.
CREATE TABLE order_refunds (
  refund_id uuid PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency currency_code NOT NULL,
  status refund_status NOT NULL DEFAULT 'requested',
  reason text NOT NULL,
  -- Why payment could not do it, once it said so.
  failure text,
  -- The lines that it is for, where somebody named them.
  lines jsonb,
  requested_by uuid,
  idempotency_key text,
  request_hash text,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz,
  CONSTRAINT order_refunds_settled CHECK ((status = 'requested') = (settled_at IS NULL)),
  CONSTRAINT order_refunds_key UNIQUE (order_id, idempotency_key)
);
CREATE INDEX order_refunds_order_id ON order_refunds (order_id, requested_at);

-- What was asked back (and not refused), and what of it is back.
ALTER TABLE orders ADD COLUMN refund_minor bigint NOT NULL DEFAULT 0, ADD COLUMN refunded_minor bigint NOT NULL DEFAULT 0;

INSERT INTO order_refunds (refund_id, order_id, amount_minor, currency, status, reason, requested_at, settled_at)
SELECT id, id, captured_minor, captured_currency, CASE WHEN status = 'refunded' THEN 'refunded' ELSE 'requested' END,
  coalesce(reason, 'by_shopper'), refund_requested_at, CASE WHEN status = 'refunded' THEN status_at END
FROM orders WHERE refund_requested_at IS NOT NULL AND captured_minor > 0;
UPDATE orders SET refund_minor = captured_minor, refunded_minor = CASE WHEN status = 'refunded' THEN captured_minor ELSE 0 END
WHERE refund_requested_at IS NOT NULL AND captured_minor > 0;

CREATE FUNCTION order_is_sound(status text, total_minor bigint, currency text, captured_minor bigint,
  captured_currency text, refund_requested_at timestamptz, reason text, refund_minor bigint, refunded_minor bigint)
RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  broken text;
BEGIN
  IF status IN ('placed', 'reserved') AND refund_minor = 0 THEN
    RETURN true;
  END IF;
  broken := CASE
    -- No more goes back than was taken, and no more is back than was asked for.
    WHEN refund_minor NOT BETWEEN 0 AND coalesce(captured_minor, 0) OR refunded_minor NOT BETWEEN 0 AND refund_minor THEN
      'orders_refunds_within_capture'
    -- Nothing is confirmed, let alone shipped, without a capture of exactly its total.
    WHEN status IN ('confirmed', 'shipped', 'delivered', 'returned') THEN
      CASE WHEN (captured_minor, captured_currency) IS DISTINCT FROM (total_minor, currency)
        THEN 'orders_confirmed_is_paid' END
    -- Whatever ended says why.
    WHEN reason IS NULL THEN 'orders_ending_is_explained'
    -- No order that ended without goods keeps money, and nothing is refunded that was not asked for.
    WHEN refund_requested_at IS NULL AND (captured_minor IS NOT NULL OR status = 'refunded') THEN
      'orders_ended_gives_back'
    -- Refunded means all of it.
    WHEN status = 'refunded' AND refunded_minor IS DISTINCT FROM captured_minor THEN 'orders_refunded_is_all'
  END;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'an order that is % breaks %', status, broken
      USING ERRCODE = 'check_violation', CONSTRAINT = broken;
  END IF;
  RETURN true;
END
$$;
ALTER TABLE orders DROP CONSTRAINT orders_is_sound;
ALTER TABLE orders ADD CONSTRAINT orders_is_sound CHECK (order_is_sound(status, total_minor, currency, captured_minor,
  captured_currency, refund_requested_at, reason, refund_minor, refunded_minor));
DROP FUNCTION order_is_sound(text, bigint, text, bigint, text, timestamptz, text);

-- A refund to be asked for. `refund_id` may be null: then it is the order's own id, unless that is taken.
CREATE TYPE refund_wish AS (order_id uuid, refund_id uuid, amount_minor bigint, reason text, lines jsonb,
  requested_by uuid, idempotency_key text, request_hash text, traceparent text);

-- Writes refunds down and asks payment for them, at most one for each order. The caller has locked the orders.
CREATE FUNCTION ask_refunds(wishes refund_wish[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  told bigint;
BEGIN
  WITH asked AS (
    INSERT INTO order_refunds (refund_id, order_id, amount_minor, currency, reason, lines, requested_by,
      idempotency_key, request_hash)
    SELECT coalesce(w.refund_id, CASE WHEN EXISTS (SELECT FROM order_refunds r WHERE r.refund_id = o.id)
        THEN uuid_v7() ELSE o.id END),
      o.id, w.amount_minor, o.captured_currency, w.reason, w.lines, w.requested_by, w.idempotency_key, w.request_hash
    FROM unnest(wishes) AS w JOIN orders o ON o.id = w.order_id
    RETURNING order_refunds.*
  ), owed AS (
    UPDATE orders o SET refund_minor = o.refund_minor + a.amount_minor,
      refund_requested_at = coalesce(o.refund_requested_at, clock_timestamp())
    FROM asked a WHERE o.id = a.order_id
  ), noted AS (
    INSERT INTO order_timeline (order_id, status, nth)
    SELECT a.order_id, 'refund_requested',
      (SELECT count(*) + 1 FROM order_timeline t WHERE t.order_id = a.order_id AND t.status = 'refund_requested')
    FROM asked a
  )
  SELECT count(emit('souk:order', 'order.refund_requested', 1, a.order_id::text, w.traceparent, jsonb_build_object(
    'refund_id', a.refund_id, 'order_id', a.order_id, 'amount', money(a.amount_minor, a.currency), 'reason', a.reason)))
  INTO told FROM asked a JOIN unnest(wishes) AS w ON w.order_id = a.order_id;
END
$$;

-- Asks for all money that ended orders (`refund_requested_at`) still keep.
CREATE OR REPLACE FUNCTION request_refunds(targets traced[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  PERFORM ask_refunds(ARRAY(
    SELECT ROW(o.id, NULL, o.captured_minor - o.refund_minor, o.reason, NULL, NULL, NULL, NULL, t.traceparent)::refund_wish
    FROM unnest(targets) AS t JOIN orders o ON o.id = t.order_id
    WHERE o.refund_requested_at IS NOT NULL AND o.captured_minor > o.refund_minor));
END
$$;

-- cancel_orders of V5, which now also gives back the uses of promotion codes where nothing was paid.
CREATE OR REPLACE FUNCTION cancel_orders(targets cancellation[], from_statuses text[]) RETURNS bigint
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  owed traced[];
  unpaid uuid[];
  told bigint;
BEGIN
  WITH moved AS (
    UPDATE orders o SET status = 'cancelled', status_at = clock_timestamp(), reason = t.reason, detail = t.detail,
      payment_token = NULL,
      refund_requested_at = CASE WHEN o.captured_minor IS NOT NULL THEN clock_timestamp() END
    FROM unnest(targets) AS t
    WHERE o.id = t.order_id AND o.status = ANY (from_statuses)
    RETURNING o, t.traceparent
  ), noted AS (
    INSERT INTO order_timeline (order_id, status) SELECT (m.o).id, 'cancelled' FROM moved m
  )
  SELECT count(emit('souk:order', 'order.cancelled', 1, (m.o).id::text, m.traceparent, order_summary(m.o))),
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).refund_requested_at IS NOT NULL),
    array_agg((m.o).id) FILTER (WHERE (m.o).captured_minor IS NULL AND (m.o).promotion_codes <> '{}')
  INTO told, owed, unpaid FROM moved m;
  IF owed IS NOT NULL THEN
    PERFORM request_refunds(owed);
  END IF;
  IF unpaid IS NOT NULL THEN
    PERFORM release_promotions(unpaid);
  END IF;
  RETURN told;
END
$$;

-- on_stock_rejected of V5, likewise.
CREATE OR REPLACE FUNCTION on_stock_rejected(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  told bigint;
  owed traced[];
  unpaid uuid[];
BEGIN
  WITH moved AS (
    UPDATE orders o SET status = 'rejected', status_at = clock_timestamp(), payment_token = NULL,
      reason = coalesce(e.data ->> 'reason', 'insufficient_stock'),
      refund_requested_at = CASE WHEN o.captured_minor IS NOT NULL THEN clock_timestamp() END
    FROM order_events(fresh, 'stock.rejected') AS e
    WHERE o.id = e.order_id AND o.status = 'placed'
    RETURNING o, e.traceparent, e.data -> 'lines' AS shortages
  ), noted AS (
    INSERT INTO order_timeline (order_id, status) SELECT (m.o).id, 'rejected' FROM moved m
  )
  SELECT count(emit('souk:order', 'order.rejected', 1, (m.o).id::text, m.traceparent,
      order_summary(m.o) || jsonb_build_object('shortages', m.shortages))),
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).refund_requested_at IS NOT NULL),
    array_agg((m.o).id) FILTER (WHERE (m.o).captured_minor IS NULL AND (m.o).promotion_codes <> '{}')
  INTO told, owed, unpaid FROM moved m;
  IF owed IS NOT NULL THEN
    PERFORM request_refunds(owed);
  END IF;
  IF unpaid IS NOT NULL THEN
    PERFORM release_promotions(unpaid);
  END IF;
END
$$;

-- The refunds that events of one type settle, each once. An event of before there were several names the order alone.
CREATE FUNCTION refund_events(fresh jsonb, p_type text) RETURNS TABLE (refund_id uuid, message text)
LANGUAGE plpgsql STABLE ROWS 50 AS $$
BEGIN
  RETURN QUERY
  SELECT DISTINCT ON (1) coalesce(e.value -> 'data' ->> 'refund_id', e.value -> 'data' ->> 'order_id')::uuid,
    coalesce(e.value -> 'data' ->> 'message', e.value -> 'data' ->> 'code')
  FROM jsonb_array_elements(fresh) WITH ORDINALITY AS e
  WHERE e.value ->> 'type' = p_type
  ORDER BY 1, e.ordinality;
END
$$;

-- Money is back. Once all of it is, the order is refunded; until then its history says that a part is.
CREATE OR REPLACE FUNCTION on_payment_refunded(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  WITH settled AS (
    UPDATE order_refunds r SET status = 'refunded', settled_at = clock_timestamp()
    FROM refund_events(fresh, 'payment.refunded') AS e
    WHERE r.refund_id = e.refund_id AND r.status = 'requested'
    RETURNING r.order_id, r.amount_minor
  ), back AS (
    SELECT order_id, sum(amount_minor)::bigint AS amount_minor FROM settled GROUP BY order_id
  ), moved AS (
    UPDATE orders o SET refunded_minor = o.refunded_minor + b.amount_minor,
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

-- Payment says that a refund cannot be done. The money counts as captured again, and somebody has to look at it.
CREATE FUNCTION on_payment_refund_failed(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  WITH settled AS (
    UPDATE order_refunds r SET status = 'failed', settled_at = clock_timestamp(), failure = e.message
    FROM refund_events(fresh, 'payment.refund_failed') AS e
    WHERE r.refund_id = e.refund_id AND r.status = 'requested'
    RETURNING r.order_id, r.amount_minor
  ), kept AS (
    SELECT order_id, sum(amount_minor)::bigint AS amount_minor FROM settled GROUP BY order_id
  ), moved AS (
    UPDATE orders o SET refund_minor = o.refund_minor - k.amount_minor FROM kept k WHERE o.id = k.order_id
    RETURNING o.id
  )
  INSERT INTO order_timeline (order_id, status, nth)
  SELECT m.id, 'refund_failed',
    (SELECT count(*) + 1 FROM order_timeline t WHERE t.order_id = m.id AND t.status = 'refund_failed')
  FROM moved m;
END
$$;

-- Gives money back for the shop: a part, or (`p_amount` null) what is left. `p_lines` names what it is for, as
-- [{sku, quantity}]. The same key with the same request returns the order as it is.
-- Outcomes: ok, not_found, not_paid, other_currency, unknown_line, over_capture, cancel_instead, key_reused.
CREATE FUNCTION refund_order(p_order uuid, p_amount bigint, p_currency text, p_reason text, p_lines jsonb, p_actor uuid,
  p_key text, p_request_hash text, p_traceparent text, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  o orders;
  known order_refunds;
  amount bigint;
BEGIN
  SELECT * INTO o FROM orders WHERE id = p_order FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'not_found';
    RETURN;
  END IF;
  SELECT * INTO known FROM order_refunds r WHERE r.order_id = p_order AND r.idempotency_key = p_key;
  amount := coalesce(p_amount, o.captured_minor - o.refund_minor);
  IF known.refund_id IS NOT NULL THEN
    outcome := CASE WHEN known.request_hash = p_request_hash THEN 'ok' ELSE 'key_reused' END;
  ELSIF o.captured_minor IS NULL OR o.status IN ('placed', 'reserved') THEN
    outcome := 'not_paid';
  ELSIF p_currency <> o.captured_currency THEN
    outcome := 'other_currency';
  ELSIF EXISTS (SELECT FROM jsonb_array_elements(p_lines) AS l WHERE NOT EXISTS (SELECT FROM order_items i
      WHERE i.order_id = p_order AND i.sku = l.value ->> 'sku' AND i.quantity >= (l.value ->> 'quantity')::int)) THEN
    outcome := 'unknown_line';
  ELSIF amount > o.captured_minor - o.refund_minor OR amount <= 0 THEN
    outcome := 'over_capture';
    body := money(o.captured_minor - o.refund_minor, o.captured_currency);
    RETURN;
  ELSIF o.status = 'confirmed' AND amount = o.captured_minor - o.refund_minor THEN
    outcome := 'cancel_instead';
  ELSE
    PERFORM ask_refunds(ARRAY[ROW(p_order, uuid_v7(), amount, p_reason, p_lines, p_actor, p_key, p_request_hash,
      p_traceparent)::refund_wish]);
    outcome := 'ok';
  END IF;
  IF outcome = 'ok' THEN
    SELECT order_view(now_is) INTO body FROM orders now_is WHERE id = p_order;
  END IF;
END
$$;
