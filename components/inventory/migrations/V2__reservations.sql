-- Reservations follow orders. One engine, `settle_reservations`, applies a list of commands in order; events and
-- expiry both feed it. Locks are taken in one order everywhere (inbox by event id, reservations by order id, stock by
-- SKU), so two replicas can wait for each other but never deadlock.

CREATE TYPE reservation_command AS (
  kind text,           -- place | confirm | cancel | expire
  order_id uuid,
  order_number text,
  lines jsonb,         -- [{sku, quantity, ...}] for place and confirm
  traceparent text
);

-- Applies commands in order and writes the outcome: stock, reservations, ledger, events. The rule:
--   place    an order not seen before gets all its lines or none (a line of an unknown SKU: none)
--   confirm  sells what is reserved; without a reservation (expired, overtaken) takes the lines again or fails
--   cancel   gives back what the order has, reserved or sold, and closes it for good
--   expire   gives back what is reserved
-- Anything else finds its order in another state and does nothing. Stock rows are read once, under lock, into arrays;
-- commands work on the arrays, so that each sees what the earlier ones took; then each table is written once.
-- Returns the number of events emitted.
-- Sequential scans are off, since a plan made while the tables were small is kept for the life of a connection.
CREATE FUNCTION settle_reservations(commands reservation_command[], reservation_ttl_s int) RETURNS int
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  expiry timestamptz := now() + make_interval(secs => reservation_ttl_s);
  cmd reservation_command;
  -- one slot per order, in order-id order
  order_ids uuid[]; unseen uuid[]; command_order int[];
  before text[]; state text[]; first_line int[]; last_line int[]; stored boolean[]; store boolean[];
  -- one slot per order line, by order and SKU; line_stock is null where the SKU is unknown
  line_order int[]; line_sku text[]; line_quantity bigint[]; line_stock int[];
  -- one slot per SKU
  skus text[]; free bigint[]; held bigint[]; sold bigint[]; free_before bigint[];
  sku_traceparent text[];
  -- what happened, in order: outcomes per command, movements per line
  outcome_command int[] := '{}'; outcome text[] := '{}'; outcome_detail jsonb[] := '{}';
  moved_line int[] := '{}'; moved text[] := '{}';
  free_after bigint[] := '{}'; held_after bigint[] := '{}'; sold_after bigint[] := '{}';
  c int; o int; l int; s int; q bigint; verb text; shortage jsonb; unknown boolean;
  to_free int; to_held int; to_sold int; emitted int;
BEGIN
  IF EXISTS (SELECT FROM unnest(commands) AS k
             WHERE k.order_id IS NULL
                OR k.kind IN ('place', 'confirm') AND coalesce(jsonb_typeof(k.lines) <> 'array' OR k.lines = '[]', true)) THEN
    RAISE EXCEPTION 'an order event without an order id or without lines' USING ERRCODE = 'invalid_parameter_value';
  END IF;

  -- Lock the orders. Unseen ones are entered as if all goes well; the rows of those that do not are corrected below.
  WITH opened AS (
    INSERT INTO reservations (order_id, order_number, status, expires_at)
    SELECT DISTINCT ON (k.order_id) k.order_id, k.order_number, 'active', expiry
    FROM unnest(commands) WITH ORDINALITY AS k (kind, order_id, order_number, lines, traceparent, n)
    ORDER BY k.order_id, k.n
    ON CONFLICT DO NOTHING RETURNING order_id
  )
  SELECT array_agg(opened.order_id) INTO unseen FROM opened;
  SELECT array_agg(r.order_id ORDER BY r.order_id),
         array_agg(CASE WHEN u.order_id IS NOT NULL THEN 'unseen' ELSE coalesce(r.release_reason, r.status) END
                   ORDER BY r.order_id)
    INTO order_ids, before
  FROM (SELECT x.order_id, x.status, x.release_reason FROM reservations x
        WHERE x.order_id = ANY (SELECT k.order_id FROM unnest(commands) AS k) ORDER BY x.order_id FOR UPDATE) AS r
  LEFT JOIN unnest(unseen) AS u (order_id) USING (order_id);
  state := before;
  SELECT array_agg(i.slot ORDER BY k.n) INTO command_order
  FROM unnest(commands) WITH ORDINALITY AS k (kind, order_id, order_number, lines, traceparent, n)
  JOIN unnest(order_ids) WITH ORDINALITY AS i (order_id, slot) USING (order_id);

  -- The lines: those on record, or those that the first event brings, with lines of one SKU added up.
  WITH recorded AS (
    SELECT i.slot, r.sku, r.quantity
    FROM unnest(order_ids) WITH ORDINALITY AS i (order_id, slot) JOIN reservation_lines r USING (order_id)
  ), brought AS (
    SELECT DISTINCT ON (k.slot) k.slot, k.lines
    FROM unnest(commands, command_order) WITH ORDINALITY
         AS k (kind, order_id, order_number, lines, traceparent, slot, n)
    WHERE k.kind IN ('place', 'confirm') AND k.slot NOT IN (SELECT recorded.slot FROM recorded)
    ORDER BY k.slot, k.n
  ), line AS (
    SELECT slot, sku, quantity, true AS recorded FROM recorded
    UNION ALL
    SELECT b.slot, e ->> 'sku', sum((e ->> 'quantity')::bigint), false
    FROM brought b, jsonb_array_elements(b.lines) AS e
    GROUP BY b.slot, e ->> 'sku'
  ), placed AS (
    SELECT *, row_number() OVER (ORDER BY slot, sku COLLATE "C") AS n FROM line
  ), extent AS (
    SELECT slot, min(n) AS first, max(n) AS last, bool_or(recorded) AS recorded FROM placed GROUP BY slot
  )
  SELECT (SELECT array_agg(slot ORDER BY n) FROM placed), (SELECT array_agg(sku ORDER BY n) FROM placed),
         (SELECT array_agg(quantity ORDER BY n) FROM placed),
         array_agg(extent.first ORDER BY i), array_agg(extent.last ORDER BY i),
         array_agg(coalesce(extent.recorded, false) ORDER BY i)
    INTO line_order, line_sku, line_quantity, first_line, last_line, stored
  FROM generate_subscripts(order_ids, 1) AS i LEFT JOIN extent ON extent.slot = i;
  store := stored;
  IF EXISTS (SELECT FROM unnest(line_sku, line_quantity) AS x (sku, quantity)
             WHERE x.sku IS NULL OR x.quantity IS NULL OR x.quantity < 1) THEN
    RAISE EXCEPTION 'an order line without a SKU or with a quantity below one' USING ERRCODE = 'invalid_parameter_value';
  END IF;

  -- Lock the stock, in SKU order.
  SELECT coalesce(array_agg(x.sku ORDER BY x.sku), '{}'), array_agg(x.available ORDER BY x.sku),
         array_agg(x.reserved ORDER BY x.sku), array_agg(x.committed ORDER BY x.sku)
    INTO skus, free, held, sold
  FROM (SELECT y.sku, y.available, y.reserved, y.committed FROM stock y
        WHERE y.location = 'main' AND y.sku = ANY (line_sku) ORDER BY y.sku FOR UPDATE) AS x;
  free_before := free;
  sku_traceparent := array_fill(NULL::text, ARRAY[cardinality(skus)]);
  SELECT array_agg(x.slot ORDER BY k.n) INTO line_stock
  FROM unnest(line_sku) WITH ORDINALITY AS k (sku, n)
  LEFT JOIN unnest(skus) WITH ORDINALITY AS x (sku, slot) USING (sku);

  FOR c IN 1 .. cardinality(commands) LOOP
    cmd := commands[c];
    o := command_order[c];
    verb := NULL; shortage := NULL; unknown := false;

    -- Does the whole order fit, where it needs stock that it does not have?
    IF cmd.kind = 'place' AND state[o] = 'unseen'
       OR cmd.kind = 'confirm' AND state[o] IN ('unseen', 'rejected', 'expired') THEN
      FOR l IN first_line[o] .. last_line[o] LOOP
        s := line_stock[l];
        IF s IS NULL OR free[s] < line_quantity[l] THEN
          unknown := unknown OR s IS NULL;
          shortage := coalesce(shortage, '[]') || jsonb_build_object('sku', line_sku[l],
            'requested', line_quantity[l], 'available', coalesce(free[s], 0));
        END IF;
      END LOOP;
      verb := CASE WHEN cmd.kind = 'place' THEN CASE WHEN shortage IS NULL THEN 'reserved' ELSE 'rejected' END
                   WHEN shortage IS NULL THEN 'sold_late' ELSE 'commit_failed' END;
    ELSIF cmd.kind = 'confirm' AND state[o] = 'active' THEN
      verb := 'committed';
    ELSIF cmd.kind = 'cancel' THEN
      verb := CASE state[o] WHEN 'active' THEN 'released' WHEN 'committed' THEN 'returned' END;
      state[o] := 'cancelled';
    ELSIF cmd.kind = 'expire' AND state[o] = 'active' THEN
      verb := 'released';
      state[o] := 'expired';
    END IF;
    CONTINUE WHEN verb IS NULL;

    outcome_command := outcome_command || c;
    outcome := outcome || verb;
    outcome_detail := outcome_detail || CASE WHEN shortage IS NULL THEN NULL ELSE jsonb_build_object(
      'reason', CASE WHEN unknown THEN 'unknown_sku' ELSE 'insufficient_stock' END, 'lines', shortage) END;
    CASE verb
      WHEN 'reserved' THEN state[o] := 'active'; to_free := -1; to_held := 1; to_sold := 0;
      WHEN 'committed' THEN state[o] := 'committed'; to_free := 0; to_held := -1; to_sold := 1;
      WHEN 'sold_late' THEN state[o] := 'committed'; to_free := -1; to_held := 0; to_sold := 1;
      WHEN 'released' THEN to_free := 1; to_held := -1; to_sold := 0;
      WHEN 'returned' THEN to_free := 1; to_held := 0; to_sold := -1;
      ELSE -- rejected, commit_failed: nothing moves
        IF state[o] = 'unseen' THEN state[o] := 'rejected'; END IF;
        CONTINUE;
    END CASE;

    store[o] := true;
    FOR l IN first_line[o] .. last_line[o] LOOP
      s := line_stock[l]; q := line_quantity[l];
      free[s] := free[s] + to_free * q;
      held[s] := held[s] + to_held * q;
      sold[s] := sold[s] + to_sold * q;
      sku_traceparent[s] := cmd.traceparent;
      moved_line := moved_line || l; moved := moved || verb;
      free_after := free_after || free[s];
      held_after := held_after || held[s];
      sold_after := sold_after || sold[s];
    END LOOP;
  END LOOP;

  UPDATE stock SET available = n.available, reserved = n.reserved, committed = n.committed
  FROM unnest(skus, free, held, sold) AS n (sku, available, reserved, committed)
  WHERE stock.sku = n.sku AND stock.location = 'main'
    AND (stock.available, stock.reserved, stock.committed) <> (n.available, n.reserved, n.committed);

  UPDATE reservations r
  SET status = CASE WHEN n.state IN ('cancelled', 'expired') THEN 'released' ELSE n.state END,
      release_reason = CASE WHEN n.state IN ('cancelled', 'expired') THEN n.state END,
      expires_at = CASE WHEN n.state = 'active' THEN r.expires_at END, updated_at = now()
  FROM unnest(order_ids, before, state) AS n (order_id, before, state)
  WHERE r.order_id = n.order_id AND n.state <> CASE n.before WHEN 'unseen' THEN 'active' ELSE n.before END;

  INSERT INTO reservation_lines (order_id, sku, quantity)
  SELECT order_ids[k.slot], k.sku, k.quantity
  FROM unnest(line_order, line_sku, line_quantity) AS k (slot, sku, quantity)
  WHERE store[k.slot] AND NOT stored[k.slot];

  INSERT INTO stock_ledger (sku, movement, delta_available, delta_reserved, delta_committed,
                            available_after, reserved_after, committed_after, reason, order_id)
  SELECT line_sku[m.line], m.moved, d.available * line_quantity[m.line], d.reserved * line_quantity[m.line],
         d.committed * line_quantity[m.line], m.available, m.reserved, m.committed, 'order', order_ids[line_order[m.line]]
  FROM unnest(moved_line, moved, free_after, held_after, sold_after) WITH ORDINALITY
       AS m (line, moved, available, reserved, committed, n)
  JOIN (VALUES ('reserved', -1, 1, 0), ('committed', 0, -1, 1), ('sold_late', -1, 0, 1), ('released', 1, -1, 0),
               ('returned', 1, 0, -1)) AS d (moved, available, reserved, committed) USING (moved)
  ORDER BY m.n;

  WITH lines AS (
    SELECT k.slot, jsonb_agg(jsonb_build_object('sku', k.sku, 'quantity', k.quantity) ORDER BY k.n) AS lines
    FROM unnest(line_order, line_sku, line_quantity) WITH ORDINALITY AS k (slot, sku, quantity, n) GROUP BY k.slot
  ), event AS (
    SELECT x.n, 'stock.' || CASE x.outcome WHEN 'sold_late' THEN 'committed' WHEN 'returned' THEN 'released'
                                           ELSE x.outcome END AS type,
           order_ids[command_order[x.command]]::text AS key, commands[x.command].traceparent AS traceparent,
           jsonb_build_object('order_id', order_ids[command_order[x.command]]) || CASE
             WHEN x.outcome = 'reserved' THEN jsonb_build_object('lines', lines.lines, 'expires_at', rfc3339(expiry))
             WHEN x.outcome IN ('released', 'returned') THEN jsonb_build_object('lines', lines.lines, 'reason',
               CASE commands[x.command].kind WHEN 'expire' THEN 'expired' ELSE 'cancelled' END)
             WHEN x.outcome = 'rejected' THEN x.detail
             WHEN x.outcome = 'commit_failed' THEN jsonb_build_object('reason', x.detail ->> 'reason')
             ELSE jsonb_build_object('lines', lines.lines) END AS data
    FROM unnest(outcome_command, outcome, outcome_detail) WITH ORDINALITY AS x (command, outcome, detail, n)
    LEFT JOIN lines ON lines.slot = command_order[x.command]
    UNION ALL
    SELECT 1000000 + k.n, 'stock.changed', k.sku, k.traceparent,
           jsonb_build_object('sku', k.sku, 'available', k.available)
    FROM unnest(skus, free, free_before, sku_traceparent) WITH ORDINALITY
         AS k (sku, available, before, traceparent, n)
    WHERE k.available <> k.before
  )
  INSERT INTO outbox (stream, event)
  SELECT 'souk:inventory', jsonb_build_object('id', uuid_v7(), 'type', e.type, 'version', 1, 'key', e.key,
         'occurred_at', rfc3339(clock_timestamp()), 'traceparent', e.traceparent, 'data', e.data)
  FROM event e ORDER BY e.n;
  GET DIAGNOSTICS emitted = ROW_COUNT;
  RETURN emitted;
END
$$;

-- Applies a batch of event envelopes, each at most once. Returns the number of events emitted.
CREATE FUNCTION apply_events(batch jsonb, reservation_ttl_s int DEFAULT 900) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  fresh jsonb[];
  commands reservation_command[];
  emitted int := 0;
BEGIN
  SELECT array_agg(n.event ORDER BY n.ord) INTO fresh FROM take_new(batch) AS n;
  -- A SKU that the catalogue has just learned of: known here too, with nothing in stock yet. Before the
  -- reservations, since a row being inserted is waited for like a lock.
  INSERT INTO stock (sku)
  SELECT DISTINCT v ->> 'sku' COLLATE "C"
  FROM unnest(fresh) AS e (event), jsonb_array_elements(e.event #> '{data,variants}') AS v
  WHERE e.event ->> 'type' = 'product.changed'
  ORDER BY 1
  ON CONFLICT DO NOTHING;
  SELECT array_agg(ROW (k.kind, (e.event #>> '{data,order_id}')::uuid, e.event #>> '{data,number}',
                        e.event #> '{data,lines}', e.event ->> 'traceparent')::reservation_command ORDER BY e.n)
    INTO commands
  FROM unnest(fresh) WITH ORDINALITY AS e (event, n)
  JOIN (VALUES ('order.placed', 'place'), ('order.confirmed', 'confirm'), ('order.cancelled', 'cancel'),
               ('order.rejected', 'cancel')) AS k (type, kind) ON k.type = e.event ->> 'type';
  IF commands IS NOT NULL THEN
    emitted := settle_reservations(commands, reservation_ttl_s);
  END IF;
  RETURN emitted;
END
$$;

-- Releases reservations whose time is over, oldest first, at most `batch_size`; one that is being committed or
-- cancelled at this moment is locked by that and so skipped. Returns the number of events emitted.
CREATE FUNCTION expire_reservations(batch_size int) RETURNS int
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  commands reservation_command[];
BEGIN
  SELECT array_agg(ROW ('expire', due.order_id, NULL, NULL, NULL)::reservation_command) INTO commands
  FROM (SELECT order_id FROM reservations WHERE status = 'active' AND expires_at <= now()
        ORDER BY expires_at LIMIT batch_size FOR UPDATE SKIP LOCKED) AS due;
  IF commands IS NULL THEN
    RETURN 0;
  END IF;
  RETURN settle_reservations(commands, 0);
END
$$;
