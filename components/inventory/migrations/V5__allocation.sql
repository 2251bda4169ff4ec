-- Reservations over several locations, and returns. What changed since V2: each line is allocated to places, and a
-- fifth command, `return`, brings sold pieces back.
--
-- Locks are taken in one order everywhere: inbox by event id, returns by return id, reservations by order id, SKUs (their
-- rows at `main`) in order. Rows of other places are changed under their SKU's lock alone.

DROP FUNCTION apply_events(jsonb, int);
DROP FUNCTION expire_reservations(int);
DROP FUNCTION settle_reservations(reservation_command[], int);

-- Applies commands in order and writes the outcome: stock, reservations, ledger, events. The rule:
--   place    an order not seen before gets all its lines or none (a line of an unknown SKU: none)
--   confirm  sells what is reserved; without a reservation (expired, overtaken) takes the lines again or fails
--   cancel   gives back what the order has, reserved or sold, and closes it for good
--   expire   gives back what is reserved
--   return   takes back pieces that were sold: into stock, or (`restock` false) out of it; more than the order still has
--            of a SKU, or an order that has bought nothing, is an error
-- Anything else finds its order in another state and does nothing.
-- Where a line comes from: the first place, by priority, that has the whole order; when none has, for each line the
-- first that has the whole line; when none has that either, the line is split over the places by priority. Only active
-- places ship. What comes back goes where it came from, active or not.
-- Stock is read once, under lock, into arrays; commands work on the arrays, so that each sees what the earlier ones
-- took; then each table is written once. Returns the number of events emitted.
-- Sequential scans are off, since a plan made while the tables were small is kept for the life of a connection.
CREATE FUNCTION settle_reservations(commands reservation_command[], reservation_ttl_s int, default_low bigint) RETURNS int
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  expiry timestamptz := now() + make_interval(secs => reservation_ttl_s);
  expires_at_text text := rfc3339(expiry);
  cmd reservation_command;
  -- one slot per order, in order-id order; `allocated`: its parts, first_part .. last_part, are new
  order_ids uuid[]; unseen uuid[]; command_order int[];
  before text[]; state text[]; first_line int[]; last_line int[]; first_part int[]; last_part int[];
  stored boolean[]; allocated boolean[];
  -- one slot per order line, by order and SKU; its places are first_place .. last_active and then those that do not
  -- ship; first_place is null where the SKU is unknown
  line_order int[]; line_sku text[]; line_quantity bigint[]; first_place int[]; last_active int[];
  -- one slot per part of a line: what one place ships; part_returned is null where nothing came back
  part_order int[]; part_sku text[]; part_location text[]; -- of those on record only
  part_line int[] := '{}'; part_place int[] := '{}'; part_quantity bigint[]; part_returned bigint[];
  any_returned boolean := false; any_retaken boolean := false;
  -- one slot per SKU and location, by SKU, active before inactive, priority
  place_sku text[]; place_location text[]; is_active boolean[]; place_low bigint[];
  free bigint[]; held bigint[]; sold bigint[]; gone bigint[]; free_before bigint[]; place_traceparent text[];
  -- what happened, in order: outcomes per command, movements per part
  outcome_command int[] := '{}'; outcome text[] := '{}'; outcome_detail jsonb[] := '{}';
  moved_part int[] := '{}'; moved text[] := '{}'; moved_quantity bigint[] := '{}';
  free_after bigint[] := '{}'; held_after bigint[] := '{}'; sold_after bigint[] := '{}';
  c int; o int; l int; s int; p int; q bigint; have bigint; verb text; detail jsonb; shortage jsonb; unknown boolean;
  several boolean; together boolean; origin text; item record;
  to_free int; to_held int; to_sold int; emitted int;
BEGIN
  IF EXISTS (SELECT FROM unnest(commands) AS k
             WHERE k.order_id IS NULL
                OR k.kind IN ('place', 'confirm', 'return')
                   AND coalesce(jsonb_typeof(k.lines) <> 'array' OR k.lines = '[]', true)) THEN
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
  SELECT array_agg(r.order_id), array_agg(r.before) INTO order_ids, before
  FROM (SELECT x.order_id,
               CASE WHEN u.order_id IS NOT NULL THEN 'unseen' ELSE coalesce(x.release_reason, x.status) END AS before
        FROM reservations x LEFT JOIN unnest(unseen) AS u (order_id) USING (order_id)
        WHERE x.order_id = ANY (SELECT k.order_id FROM unnest(commands) AS k) ORDER BY x.order_id FOR UPDATE OF x) AS r;
  state := before;
  SELECT array_agg(i.slot ORDER BY k.n) INTO command_order
  FROM unnest(commands) WITH ORDINALITY AS k (kind, order_id, order_number, lines, traceparent, n)
  JOIN unnest(order_ids) WITH ORDINALITY AS i (order_id, slot) USING (order_id);

  -- What is on record: the parts of lines, each at its place.
  IF cardinality(order_ids) > coalesce(cardinality(unseen), 0) THEN
    SELECT array_agg(x.slot), array_agg(x.sku), array_agg(x.location), array_agg(x.quantity), array_agg(x.returned)
      INTO part_order, part_sku, part_location, part_quantity, part_returned
    FROM (SELECT i.slot, r.sku, r.location, r.quantity, r.returned
          FROM unnest(order_ids, before) WITH ORDINALITY AS i (order_id, before, slot) JOIN reservation_lines r USING (order_id)
          WHERE i.before <> 'unseen' ORDER BY i.slot, r.sku, r.location) AS x;
  END IF;
  -- The lines: those on record, or those that the first event brings, with lines of one SKU added up.
  WITH recorded AS (
    SELECT p.slot, p.sku, sum(p.quantity)::bigint AS quantity
    FROM unnest(part_order, part_sku, part_quantity) AS p (slot, sku, quantity) GROUP BY p.slot, p.sku
  ), brought AS (
    SELECT DISTINCT ON (k.slot) k.slot, k.lines
    FROM unnest(commands, command_order) WITH ORDINALITY
         AS k (kind, order_id, order_number, lines, traceparent, slot, n)
    WHERE k.kind IN ('place', 'confirm') AND k.slot NOT IN (SELECT recorded.slot FROM recorded)
    ORDER BY k.slot, k.n
  ), line AS (
    SELECT slot, sku, quantity, true AS recorded FROM recorded
    UNION ALL
    SELECT b.slot, e ->> 'sku', sum((e ->> 'quantity')::bigint)::bigint, false
    FROM brought b, jsonb_array_elements(b.lines) AS e
    GROUP BY b.slot, e ->> 'sku'
  ), placed AS (
    SELECT *, row_number() OVER (ORDER BY slot, sku COLLATE "C") AS n FROM line ORDER BY n
  ), extent AS (
    SELECT slot, min(n) AS first, max(n) AS last, bool_or(recorded) AS recorded FROM placed GROUP BY slot
  ), line_arrays AS (
    SELECT array_agg(slot) AS slots, array_agg(sku) AS skus, array_agg(quantity) AS quantities FROM placed
  ), order_arrays AS (
    SELECT array_agg(x.first) AS firsts, array_agg(x.last) AS lasts, array_agg(coalesce(x.recorded, false)) AS recorded
    FROM (SELECT extent.* FROM generate_subscripts(order_ids, 1) AS i LEFT JOIN extent ON extent.slot = i ORDER BY i) AS x
  )
  SELECT slots, skus, quantities, firsts, lasts, recorded
    INTO line_order, line_sku, line_quantity, first_line, last_line, stored
  FROM line_arrays, order_arrays;
  allocated := array_fill(false, ARRAY[cardinality(order_ids)]);
  IF EXISTS (SELECT FROM unnest(line_sku, line_quantity) AS x (sku, quantity)
             WHERE x.sku IS NULL OR x.quantity IS NULL OR x.quantity < 1) THEN
    RAISE EXCEPTION 'an order line without a SKU or with a quantity below one' USING ERRCODE = 'invalid_parameter_value';
  END IF;

  -- Lock the SKUs, in order, and read what is at their places. When there are others than `main`: in a statement of its
  -- own, which sees the rows that the one before us in the queue has added.
  SELECT coalesce(array_agg(x.sku), '{}'), coalesce(array_agg(x.location), '{}'), array_agg(x.active),
         array_agg(x.low_at), array_agg(x.available), array_agg(x.reserved), array_agg(x.committed)
    INTO place_sku, place_location, is_active, place_low, free, held, sold
  FROM (SELECT y.*, true AS active FROM stock y WHERE y.location = 'main' AND y.sku = ANY (line_sku)
        ORDER BY y.sku FOR UPDATE) AS x;
  several := EXISTS (SELECT FROM locations a WHERE a.code <> 'main');
  IF several THEN
    SELECT coalesce(array_agg(x.sku), '{}'), coalesce(array_agg(x.location), '{}'), array_agg(x.active),
           array_agg(x.low_at), array_agg(x.available), array_agg(x.reserved), array_agg(x.committed)
      INTO place_sku, place_location, is_active, place_low, free, held, sold
    FROM (SELECT y.*, a.active FROM stock y JOIN locations a ON a.code = y.location WHERE y.sku = ANY (line_sku)
          ORDER BY y.sku, a.active DESC, a.priority, y.location) AS x;
  END IF;
  free_before := free;
  gone := array_fill(0::bigint, ARRAY[cardinality(place_sku)]);
  place_traceparent := array_fill(NULL::text, ARRAY[cardinality(place_sku)]);
  SELECT array_agg(x.first), array_agg(x.active) INTO first_place, last_active
  FROM (SELECT i.first, i.active
        FROM unnest(line_sku) WITH ORDINALITY AS k (sku, n)
        LEFT JOIN (SELECT p.sku, min(p.slot) AS first, coalesce(max(p.slot) FILTER (WHERE p.active), 0) AS active
                   FROM unnest(place_sku, is_active) WITH ORDINALITY AS p (sku, active, slot) GROUP BY p.sku) AS i USING (sku)
        ORDER BY k.n) AS x;
  first_part := array_fill(NULL::int, ARRAY[cardinality(order_ids)]);
  last_part := first_part;
  l := 1;
  FOR p IN 1 .. coalesce(cardinality(part_sku), 0) LOOP
    o := part_order[p];
    WHILE line_order[l] < o OR line_sku[l] <> part_sku[p] LOOP
      l := l + 1;
    END LOOP;
    s := first_place[l];
    WHILE place_location[s] <> part_location[p] LOOP
      s := s + 1;
    END LOOP;
    part_line := part_line || l;
    part_place := part_place || s;
    first_part[o] := coalesce(first_part[o], p);
    last_part[o] := p;
  END LOOP;

  FOR c IN 1 .. cardinality(commands) LOOP
    cmd := commands[c];
    o := command_order[c];
    verb := NULL; detail := NULL;

    IF cmd.kind = 'place' AND state[o] = 'unseen'
       OR cmd.kind = 'confirm' AND state[o] IN ('unseen', 'rejected', 'expired') THEN
      -- Does the whole order fit, and does the first place of each line have it all?
      together := true; shortage := NULL; unknown := false;
      origin := place_location[first_place[first_line[o]]];
      FOR l IN first_line[o] .. last_line[o] LOOP
        s := first_place[l];
        CONTINUE WHEN s <= last_active[l] AND free[s] >= line_quantity[l] AND place_location[s] = origin;
        together := false;
        have := 0;
        IF s IS NULL THEN
          unknown := true;
        ELSE
          FOR p IN s .. last_active[l] LOOP
            have := have + free[p];
          END LOOP;
        END IF;
        IF have < line_quantity[l] THEN
          shortage := coalesce(shortage, '[]') || jsonb_build_object('sku', line_sku[l],
            'requested', line_quantity[l], 'available', have);
        END IF;
      END LOOP;
      IF shortage IS NOT NULL THEN
        verb := CASE cmd.kind WHEN 'place' THEN 'rejected' ELSE 'commit_failed' END;
        detail := jsonb_build_object(
          'reason', CASE WHEN unknown THEN 'unknown_sku' ELSE 'insufficient_stock' END, 'lines', shortage);
      ELSE
        verb := CASE cmd.kind WHEN 'place' THEN 'reserved' ELSE 'sold_late' END;
        allocated[o] := true;
        any_retaken := any_retaken OR stored[o];
        IF NOT together THEN
          -- The first place that has the whole order, if one has: only a place of the first line can.
          l := first_line[o];
          SELECT i.place INTO origin
          FROM unnest(place_location[first_place[l]:last_active[l]]) WITH ORDINALITY AS i (place, n)
          WHERE NOT EXISTS (
            SELECT FROM generate_series(l, last_line[o]) AS k
            WHERE NOT EXISTS (SELECT FROM generate_series(first_place[k], last_active[k]) AS j
                              WHERE place_location[j] = i.place AND free[j] >= line_quantity[k]))
          ORDER BY i.n LIMIT 1;
        END IF;
        first_part[o] := cardinality(part_line) + 1;
        FOR l IN first_line[o] .. last_line[o] LOOP
          s := first_place[l];
          IF NOT together THEN
            q := line_quantity[l];
            IF origin IS NOT NULL THEN
              WHILE place_location[s] <> origin LOOP
                s := s + 1;
              END LOOP;
            ELSE
              WHILE s <= last_active[l] AND free[s] < q LOOP
                s := s + 1;
              END LOOP;
            END IF;
            IF s > last_active[l] THEN -- no place has the whole line
              FOR s IN first_place[l] .. last_active[l] LOOP
                have := least(q, free[s]);
                CONTINUE WHEN have = 0;
                part_line := part_line || l; part_place := part_place || s; part_quantity := part_quantity || have;
                q := q - have;
              END LOOP;
              CONTINUE;
            END IF;
          END IF;
          part_line := part_line || l; part_place := part_place || s; part_quantity := part_quantity || line_quantity[l];
        END LOOP;
        last_part[o] := cardinality(part_line);
      END IF;
    ELSIF cmd.kind = 'confirm' AND state[o] = 'active' THEN
      verb := 'committed';
    ELSIF cmd.kind = 'cancel' THEN
      verb := CASE state[o] WHEN 'active' THEN 'released' WHEN 'committed' THEN 'returned' END;
      state[o] := 'cancelled';
      IF verb = 'returned' THEN
        -- What came back before is not given back again, nor told of again.
        p := first_part[o]; s := last_part[o];
        IF 0 < ANY (part_returned[p:s]) THEN
          SELECT jsonb_agg(jsonb_build_object('sku', k.sku, 'quantity', k.quantity) ORDER BY k.line) INTO detail
          FROM (SELECT x.line, line_sku[x.line] AS sku, sum(x.quantity - coalesce(x.returned, 0))::bigint AS quantity
                FROM unnest(part_line[p:s], part_quantity[p:s], part_returned[p:s]) AS x (line, quantity, returned)
                GROUP BY x.line) AS k
          WHERE k.quantity > 0;
          IF detail IS NULL THEN
            verb := NULL;
          END IF;
        END IF;
      END IF;
    ELSIF cmd.kind = 'expire' AND state[o] = 'active' THEN
      verb := 'released';
      state[o] := 'expired';
    ELSIF cmd.kind = 'return' THEN
      IF state[o] <> 'committed' THEN
        RAISE EXCEPTION 'order % returns goods, but is %', cmd.order_id, state[o] USING ERRCODE = 'SK001';
      END IF;
      any_returned := true;
      part_returned := coalesce(part_returned, array_fill(0::bigint, ARRAY[cardinality(part_line)]));
      FOR item IN
        SELECT e ->> 'sku' AS sku, (e ->> 'quantity')::bigint AS quantity, (e ->> 'restock')::boolean AS restock
        FROM jsonb_array_elements(cmd.lines) AS e
      LOOP
        q := item.quantity;
        IF item.restock IS NULL OR coalesce(q < 1, true) THEN
          RAISE EXCEPTION 'a returned line without a quantity or without a word whether it is stocked again'
            USING ERRCODE = 'invalid_parameter_value';
        END IF;
        FOR p IN first_part[o] .. last_part[o] LOOP
          have := least(q, part_quantity[p] - coalesce(part_returned[p], 0));
          CONTINUE WHEN have = 0 OR line_sku[part_line[p]] IS DISTINCT FROM item.sku;
          s := part_place[p];
          q := q - have;
          part_returned[p] := coalesce(part_returned[p], 0) + have;
          sold[s] := sold[s] - have;
          IF item.restock THEN
            free[s] := free[s] + have;
          ELSE
            gone[s] := gone[s] + have;
          END IF;
          place_traceparent[s] := cmd.traceparent;
          moved_part := moved_part || p; moved_quantity := moved_quantity || have;
          moved := moved || CASE WHEN item.restock THEN 'came_back' ELSE 'written_off' END;
          free_after := free_after || free[s];
          held_after := held_after || held[s];
          sold_after := sold_after || sold[s];
        END LOOP;
        IF q > 0 THEN
          RAISE EXCEPTION 'order % returns % more of % than it still has', cmd.order_id, q, item.sku USING ERRCODE = 'SK001';
        END IF;
      END LOOP;
    END IF;
    CONTINUE WHEN verb IS NULL;

    outcome_command := outcome_command || c;
    outcome := outcome || verb;
    outcome_detail := outcome_detail || detail;
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

    FOR p IN first_part[o] .. last_part[o] LOOP
      s := part_place[p]; q := part_quantity[p] - coalesce(part_returned[p], 0);
      CONTINUE WHEN q = 0;
      free[s] := free[s] + to_free * q;
      held[s] := held[s] + to_held * q;
      sold[s] := sold[s] + to_sold * q;
      place_traceparent[s] := cmd.traceparent;
      moved_part := moved_part || p; moved := moved || verb; moved_quantity := moved_quantity || q;
      free_after := free_after || free[s];
      held_after := held_after || held[s];
      sold_after := sold_after || sold[s];
    END LOOP;
  END LOOP;

  UPDATE stock SET received = stock.received - n.gone, available = n.available, reserved = n.reserved, committed = n.committed
  FROM unnest(place_sku, place_location, free, held, sold, gone) AS n (sku, location, available, reserved, committed, gone)
  WHERE stock.sku = n.sku AND stock.location = n.location
    AND (stock.available, stock.reserved, stock.committed) <> (n.available, n.reserved, n.committed);

  UPDATE reservations r
  SET status = CASE WHEN n.state IN ('cancelled', 'expired') THEN 'released' ELSE n.state END,
      release_reason = CASE WHEN n.state IN ('cancelled', 'expired') THEN n.state END,
      expires_at = CASE WHEN n.state = 'active' THEN r.expires_at END, updated_at = now()
  FROM unnest(order_ids, before, state) AS n (order_id, before, state)
  WHERE r.order_id = n.order_id AND n.state <> CASE n.before WHEN 'unseen' THEN 'active' ELSE n.before END;

  -- Lines that are taken again (a payment after the expiry) may come from other places than before.
  IF any_retaken THEN
    DELETE FROM reservation_lines r USING unnest(order_ids, stored, allocated) AS n (order_id, stored, allocated)
    WHERE r.order_id = n.order_id AND n.stored AND n.allocated;
  END IF;
  INSERT INTO reservation_lines (order_id, sku, location, quantity, returned)
  SELECT order_ids[line_order[k.line]], line_sku[k.line], place_location[k.place], k.quantity, coalesce(k.returned, 0)
  FROM unnest(part_line, part_place, part_quantity, part_returned) WITH ORDINALITY AS k (line, place, quantity, returned, n)
  WHERE allocated[line_order[k.line]] AND k.n >= first_part[line_order[k.line]];
  IF any_returned THEN
    UPDATE reservation_lines r SET returned = k.returned
    FROM unnest(part_line, part_place, part_returned) AS k (line, place, returned)
    WHERE NOT allocated[line_order[k.line]] AND r.order_id = order_ids[line_order[k.line]] AND r.sku = line_sku[k.line]
      AND r.location = place_location[k.place] AND r.returned <> k.returned;
  END IF;

  INSERT INTO stock_ledger (sku, location, movement, delta_available, delta_reserved, delta_committed,
                            available_after, reserved_after, committed_after, reason, order_id)
  SELECT line_sku[part_line[m.part]], place_location[part_place[m.part]], d.movement, d.available * m.quantity, d.reserved * m.quantity,
         d.committed * m.quantity, m.available, m.reserved, m.committed, d.reason, order_ids[line_order[part_line[m.part]]]
  FROM unnest(moved_part, moved, moved_quantity, free_after, held_after, sold_after) WITH ORDINALITY
       AS m (part, moved, quantity, available, reserved, committed, n)
  JOIN (VALUES ('reserved', 'reserved', 'order', -1, 1, 0), ('committed', 'committed', 'order', 0, -1, 1),
               ('sold_late', 'sold_late', 'order', -1, 0, 1), ('released', 'released', 'order', 1, -1, 0),
               ('returned', 'returned', 'order', 1, 0, -1), ('came_back', 'returned', 'return', 1, 0, -1),
               ('written_off', 'written_off', 'return', 0, 0, -1))
       AS d (moved, movement, reason, available, reserved, committed) USING (moved)
  ORDER BY m.n;

  WITH lines AS (
    SELECT k.slot, jsonb_agg(jsonb_build_object('sku', k.sku, 'quantity', k.quantity) ORDER BY k.n) AS lines
    FROM unnest(line_order, line_sku, line_quantity) WITH ORDINALITY AS k (slot, sku, quantity, n) GROUP BY k.slot
  ), event AS (
    SELECT x.n, 'stock.' || CASE x.outcome WHEN 'sold_late' THEN 'committed' WHEN 'returned' THEN 'released'
                                           ELSE x.outcome END AS type,
           order_ids[command_order[x.command]]::text AS key, commands[x.command].traceparent AS traceparent,
           jsonb_build_object('order_id', order_ids[command_order[x.command]]) || CASE
             WHEN x.outcome = 'reserved' THEN jsonb_build_object('lines', lines.lines, 'expires_at', expires_at_text)
             WHEN x.outcome IN ('released', 'returned') THEN jsonb_build_object('lines', coalesce(x.detail, lines.lines),
               'reason', CASE commands[x.command].kind WHEN 'expire' THEN 'expired' ELSE 'cancelled' END)
             WHEN x.outcome = 'rejected' THEN x.detail
             WHEN x.outcome = 'commit_failed' THEN jsonb_build_object('reason', x.detail ->> 'reason')
             ELSE jsonb_build_object('lines', lines.lines) END AS data
    FROM unnest(outcome_command, outcome, outcome_detail) WITH ORDINALITY AS x (command, outcome, detail, n)
    LEFT JOIN lines ON lines.slot = command_order[x.command]
  )
  INSERT INTO outbox (stream, event)
  SELECT 'souk:inventory', jsonb_build_object('id', uuid_v7(), 'type', e.type, 'version', 1, 'key', e.key,
         'occurred_at', rfc3339(clock_timestamp()), 'traceparent', e.traceparent, 'data', e.data)
  FROM event e ORDER BY e.n;
  GET DIAGNOSTICS emitted = ROW_COUNT;

  -- What shoppers see: each SKU's sum over the places that ship, and a place that its pieces left.
  IF free IS NOT DISTINCT FROM free_before THEN
    RETURN emitted;
  ELSIF NOT several THEN
    RETURN emitted + tell_stock(place_sku, free_before, free, place_location, place_low, place_traceparent, default_low);
  END IF;
  RETURN emitted + (
    SELECT tell_stock(array_agg(t.sku), array_agg(t.was), array_agg(t.available), array_agg(t.place), array_agg(t.low_at),
                      array_agg(t.traceparent), default_low)
    FROM (SELECT k.sku, coalesce(sum(k.was) FILTER (WHERE k.active), 0)::bigint AS was,
                 coalesce(sum(k.available) FILTER (WHERE k.active), 0)::bigint AS available,
                 max(k.location) FILTER (WHERE k.available < k.was) AS place, max(k.low_at) AS low_at,
                 max(k.traceparent) AS traceparent
          FROM unnest(place_sku, place_location, is_active, place_low, free_before, free, place_traceparent) WITH ORDINALITY
               AS k (sku, location, active, low_at, was, available, traceparent, n)
          GROUP BY k.sku ORDER BY min(k.n)) AS t);
END
$$;

-- Applies a batch of event envelopes, each at most once. Returns the number of events emitted.
CREATE FUNCTION apply_events(batch jsonb, reservation_ttl_s int DEFAULT 900, default_low bigint DEFAULT 5) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  fresh jsonb[];
  types text[];
  new_returns bigint[];
  commands reservation_command[];
  emitted int := 0;
BEGIN
  SELECT array_agg(n.event ORDER BY n.ord), array_agg(DISTINCT n.event ->> 'type') INTO fresh, types FROM take_new(batch) AS n;
  IF 'product.changed' = ANY (types) THEN
    -- A SKU that the catalogue has just learned of: known here too, with nothing in stock yet. Before the
    -- reservations, since a row being inserted is waited for like a lock.
    INSERT INTO stock (sku)
    SELECT DISTINCT v ->> 'sku' COLLATE "C"
    FROM unnest(fresh) AS e (event), jsonb_array_elements(e.event #> '{data,variants}') AS v
    WHERE e.event ->> 'type' = 'product.changed'
    ORDER BY 1
    ON CONFLICT DO NOTHING;
    INSERT INTO titles (sku, title, slug, changed_at)
    SELECT DISTINCT ON (n.sku COLLATE "C") n.sku, n.title, n.slug, n.changed_at
    FROM (SELECT v ->> 'sku' AS sku, e.event #>> '{data,slug}' AS slug, (e.event ->> 'occurred_at')::timestamptz AS changed_at,
                 concat_ws(', ', e.event #>> '{data,title}', nullif(v ->> 'title', '')) AS title
          FROM unnest(fresh) AS e (event), jsonb_array_elements(e.event #> '{data,variants}') AS v
          WHERE e.event ->> 'type' = 'product.changed' AND e.event #> '{data,slug}' IS NOT NULL) AS n
    ORDER BY n.sku COLLATE "C", n.changed_at DESC
    ON CONFLICT (sku) DO UPDATE SET title = excluded.title, slug = excluded.slug, changed_at = excluded.changed_at
    WHERE titles.changed_at <= excluded.changed_at;
  END IF;
  IF 'order.returned' = ANY (types) THEN
    WITH given AS (
      SELECT DISTINCT ON (r.return_id) r.*
      FROM (SELECT (e.event #>> '{data,return_id}')::uuid AS return_id, (e.event #>> '{data,order_id}')::uuid AS order_id, e.n
            FROM unnest(fresh) WITH ORDINALITY AS e (event, n) WHERE e.event ->> 'type' = 'order.returned') AS r
      ORDER BY r.return_id, r.n
    ), entered AS (
      INSERT INTO returns (return_id, order_id) SELECT g.return_id, g.order_id FROM given g ORDER BY g.return_id
      ON CONFLICT DO NOTHING RETURNING return_id
    )
    SELECT array_agg(g.n) INTO new_returns FROM given g JOIN entered USING (return_id);
  END IF;

  SELECT array_agg(ROW (k.kind, (e.event #>> '{data,order_id}')::uuid, e.event #>> '{data,number}',
                        e.event #> '{data,lines}', e.event ->> 'traceparent')::reservation_command ORDER BY e.n)
    INTO commands
  FROM unnest(fresh) WITH ORDINALITY AS e (event, n)
  JOIN (VALUES ('order.placed', 'place'), ('order.confirmed', 'confirm'), ('order.cancelled', 'cancel'),
               ('order.rejected', 'cancel'), ('order.returned', 'return')) AS k (type, kind) ON k.type = e.event ->> 'type'
  WHERE k.kind <> 'return' OR e.n = ANY (new_returns);
  IF commands IS NOT NULL THEN
    emitted := settle_reservations(commands, reservation_ttl_s, default_low);
  END IF;

  IF 'user.deleted' = ANY (types) THEN -- last: nothing is left to wait for while subscriptions are held
    DELETE FROM stock_subscriptions
    WHERE user_id IN (SELECT (e.event #>> '{data,user_id}')::uuid FROM unnest(fresh) AS e (event)
                      WHERE e.event ->> 'type' = 'user.deleted');
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
  RETURN settle_reservations(commands, 0, 0); -- stock only grows by it, so nothing becomes low
END
$$;
