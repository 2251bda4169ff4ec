-- The steps of the process manager: what each kind of event does to orders. Each step is set-based and moves an order
-- only out of the states it is meant for; everywhere else it does nothing, so duplicates and events that crossed on
-- their way are harmless. domain/process.rs is the same machine in Rust; a test runs random events through both.
--
-- A batch is small and the orders are many, so each step goes from the events to their orders, whatever the statistics
-- of a young table say: hence no hash and no merge joins.

-- An order and the trace that the work on it belongs to.
CREATE TYPE traced AS (order_id uuid, traceparent text);
-- An order to be cancelled, and why.
CREATE TYPE cancellation AS (order_id uuid, reason text, detail text, traceparent text);

-- The events of one type in a batch, the first of each order; of one `reason` when that is given.
CREATE FUNCTION order_events(fresh jsonb, p_type text, p_reason text DEFAULT NULL)
RETURNS TABLE (order_id uuid, data jsonb, traceparent text)
LANGUAGE plpgsql STABLE ROWS 50 AS $$
BEGIN
  RETURN QUERY
  SELECT DISTINCT ON ((e.value -> 'data' ->> 'order_id')::uuid)
    (e.value -> 'data' ->> 'order_id')::uuid, e.value -> 'data', e.value ->> 'traceparent'
  FROM jsonb_array_elements(fresh) WITH ORDINALITY AS e
  WHERE e.value ->> 'type' = p_type AND (p_reason IS NULL OR e.value -> 'data' ->> 'reason' = p_reason)
  ORDER BY 1, e.ordinality;
END
$$;

-- Asks for the refunds that are due (`refund_requested_at`) and were not asked for before.
CREATE FUNCTION request_refunds(targets traced[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  told bigint;
BEGIN
  WITH asked AS (
    INSERT INTO order_timeline (order_id, status)
    SELECT o.id, 'refund_requested' FROM unnest(targets) AS t JOIN orders o ON o.id = t.order_id
    WHERE o.refund_requested_at IS NOT NULL
    ON CONFLICT DO NOTHING RETURNING order_timeline.order_id
  )
  SELECT count(emit('souk:order', 'order.refund_requested', 1, o.id::text, t.traceparent, jsonb_build_object(
    'order_id', o.id, 'amount', money(o.captured_minor, o.captured_currency), 'reason', o.reason)))
  INTO told
  FROM asked JOIN orders o ON o.id = asked.order_id JOIN unnest(targets) AS t ON t.order_id = o.id;
END
$$;

-- Cancels the orders that are still in one of `from_statuses`: payment is told to stop, stock is given back, and what
-- was captured is refunded. Returns how many there were.
CREATE FUNCTION cancel_orders(targets cancellation[], from_statuses text[]) RETURNS bigint
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  owed traced[];
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
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).refund_requested_at IS NOT NULL)
  INTO told, owed FROM moved m;
  IF owed IS NOT NULL THEN
    PERFORM request_refunds(owed);
  END IF;
  RETURN told;
END
$$;

-- Tells of orders that were just confirmed.
CREATE FUNCTION announce_confirmed(targets traced[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  told bigint;
BEGIN
  WITH noted AS (
    INSERT INTO order_timeline (order_id, status)
    SELECT t.order_id, entry FROM unnest(targets) AS t, unnest(ARRAY['paid', 'confirmed']) AS entry
  )
  SELECT count(emit('souk:order', 'order.confirmed', 1, o.id::text, t.traceparent, order_snapshot(o)))
  INTO told FROM unnest(targets) AS t JOIN orders o ON o.id = t.order_id;
END
$$;

-- All lines of an order are reserved: ask for its payment. An order that was paid already (its capture was heard of
-- before its reservation) is confirmed at once.
CREATE FUNCTION on_stock_reserved(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  told bigint;
  paid traced[];
BEGIN
  WITH moved AS (
    UPDATE orders o SET status = 'reserved', status_at = clock_timestamp()
    FROM order_events(fresh, 'stock.reserved') AS e
    WHERE o.id = e.order_id AND o.status = 'placed'
    RETURNING o, e.traceparent
  ), noted AS (
    INSERT INTO order_timeline (order_id, status) SELECT (m.o).id, 'reserved' FROM moved m
  )
  SELECT
    count(emit('souk:order', 'order.payment_requested', 1, (m.o).id::text, m.traceparent, jsonb_build_object(
      'order_id', (m.o).id, 'number', (m.o).number, 'user_id', (m.o).user_id, 'attempt', 1,
      'amount', money((m.o).total_minor, (m.o).currency), 'payment_token', (m.o).payment_token)))
      FILTER (WHERE (m.o).captured_minor IS NULL),
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).captured_minor IS NOT NULL)
  INTO told, paid FROM moved m;
  IF paid IS NOT NULL THEN
    UPDATE orders o SET status = 'confirmed', status_at = clock_timestamp(), payment_token = NULL
    FROM unnest(paid) AS t WHERE o.id = t.order_id;
    PERFORM announce_confirmed(paid);
  END IF;
END
$$;

CREATE FUNCTION on_stock_rejected(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  told bigint;
  owed traced[];
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
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).refund_requested_at IS NOT NULL)
  INTO told, owed FROM moved m;
  IF owed IS NOT NULL THEN
    PERFORM request_refunds(owed);
  END IF;
END
$$;

-- Money moved. Whatever the order's state, that is written down first; then a reserved order is confirmed, and one that
-- ended meanwhile gives the money back. So does one whose capture is not its total, which no gateway should do.
CREATE FUNCTION on_payment_captured(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  confirmed traced[];
  owed traced[];
  wrong cancellation[];
BEGIN
  WITH moved AS (
    UPDATE orders o SET captured_minor = c.amount_minor, captured_currency = c.currency, payment_id = c.payment_id,
      payment_token = NULL,
      status = CASE WHEN c.confirms THEN 'confirmed' ELSE o.status END,
      status_at = CASE WHEN c.confirms THEN clock_timestamp() ELSE o.status_at END,
      refund_requested_at = CASE WHEN o.status IN ('rejected', 'cancelled') THEN clock_timestamp() END
    FROM (
      SELECT was.id, e.traceparent, (e.data ->> 'payment_id')::uuid AS payment_id,
        (e.data -> 'amount' ->> 'amount_minor')::bigint AS amount_minor, e.data -> 'amount' ->> 'currency' AS currency,
        was.status = 'reserved' AND e.data -> 'amount' = money(was.total_minor, was.currency) AS confirms
      FROM order_events(fresh, 'payment.captured') AS e JOIN orders was ON was.id = e.order_id
    ) AS c
    WHERE o.id = c.id AND o.captured_minor IS NULL
    RETURNING o, c.traceparent
  )
  SELECT
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).status = 'confirmed'),
    array_agg(ROW((m.o).id, m.traceparent)::traced) FILTER (WHERE (m.o).refund_requested_at IS NOT NULL),
    array_agg(ROW((m.o).id, 'payment_declined', 'The captured amount is not the total.', m.traceparent)::cancellation)
      FILTER (WHERE (m.o).status IN ('placed', 'reserved')
        AND ((m.o).captured_minor, (m.o).captured_currency) <> ((m.o).total_minor, (m.o).currency))
  INTO confirmed, owed, wrong FROM moved m;
  IF confirmed IS NOT NULL THEN
    PERFORM announce_confirmed(confirmed);
  END IF;
  IF owed IS NOT NULL THEN
    PERFORM request_refunds(owed);
  END IF;
  IF wrong IS NOT NULL THEN
    PERFORM cancel_orders(wrong, ARRAY['placed', 'reserved']);
  END IF;
END
$$;

-- Ends orders for a reason that comes from elsewhere: a refused charge, a reservation that ran out, stock that was
-- gone when it was to be committed. An order with captured money does not believe that its charge was refused.
CREATE FUNCTION on_ending(fresh jsonb, p_type text, p_event_reason text, p_reason text, from_statuses text[])
RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  PERFORM cancel_orders(ARRAY(
    SELECT ROW(e.order_id, p_reason, coalesce(e.data ->> 'message', e.data ->> 'reason'), e.traceparent)::cancellation
    FROM order_events(fresh, p_type, p_event_reason) AS e JOIN orders o ON o.id = e.order_id
    WHERE p_type <> 'payment.declined' OR o.captured_minor IS NULL), from_statuses);
END
$$;

-- The charge's outcome is not known yet; the order waits, and its history says so.
CREATE FUNCTION on_payment_unknown(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  INSERT INTO order_timeline (order_id, status)
  SELECT o.id, 'payment_unknown' FROM order_events(fresh, 'payment.unknown') AS e JOIN orders o ON o.id = e.order_id
  WHERE o.status = 'reserved' AND o.captured_minor IS NULL
  ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION on_payment_refunded(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  WITH moved AS (
    UPDATE orders o SET status = 'refunded', status_at = clock_timestamp()
    FROM order_events(fresh, 'payment.refunded') AS e
    WHERE o.id = e.order_id AND o.status IN ('rejected', 'cancelled') AND o.refund_requested_at IS NOT NULL
    RETURNING o.id
  )
  INSERT INTO order_timeline (order_id, status) SELECT id, 'refunded' FROM moved;
END
$$;
