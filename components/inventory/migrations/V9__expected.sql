-- When more of a SKU is expected, as a merchant said. Like `low_at` it belongs to the SKU and stands in its row at `main`.
-- Who said what and when is in the ledger, as an entry that moves nothing.

ALTER TABLE stock
  ADD COLUMN expected_on date,
  ADD CONSTRAINT stock_expected_of_the_sku CHECK (expected_on IS NULL OR location = 'main');

ALTER TABLE stock_ledger
  DROP CONSTRAINT stock_ledger_movement_check,
  ADD CONSTRAINT stock_ledger_movement_check CHECK (movement IN ('opened', 'received', 'adjusted', 'transferred',
    'reserved', 'committed', 'released', 'sold_late', 'returned', 'written_off', 'expected')),
  ADD COLUMN expected_on date, -- null in an entry of `expected`: nothing is expected any more
  ADD CONSTRAINT stock_ledger_expected_moves_nothing CHECK (CASE movement
    WHEN 'expected' THEN (delta_available, delta_reserved, delta_committed) = (0, 0, 0) AND actor IS NOT NULL
    ELSE expected_on IS NULL END);

-- As in V4, with the day on which more is expected; one that has passed says nothing.
CREATE OR REPLACE VIEW on_sale AS
  SELECT s.sku, coalesce(sum(s.available) FILTER (WHERE l.active), 0)::bigint AS available,
         max(s.expected_on) FILTER (WHERE s.expected_on >= current_date) AS expected_on
  FROM stock s JOIN locations l ON l.code = s.location
  GROUP BY s.sku;

-- What `done` answers of a SKU.
CREATE FUNCTION sku_done(p_sku text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('outcome', 'done', 'sku', o.sku, 'available', o.available, 'expected_on', o.expected_on)
  FROM on_sale o WHERE o.sku = p_sku
$$;

-- Says when more is expected; null: nobody knows. Said twice, it is entered once. The answer's `outcome` is one of
--   done         with sku, available and expected_on
--   unknown_sku  no such SKU
--   past         with today
--   too_far      with last: the latest day that can be meant
CREATE FUNCTION expect_stock(p_sku text, p_on date, p_actor uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  latest CONSTANT date := current_date + interval '2 years';
  s stock;
BEGIN
  IF p_on < current_date THEN
    RETURN jsonb_build_object('outcome', 'past', 'today', current_date);
  ELSIF p_on > latest THEN
    RETURN jsonb_build_object('outcome', 'too_far', 'last', latest);
  END IF;
  SELECT * INTO s FROM stock x WHERE x.sku = p_sku AND x.location = 'main' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN '{"outcome": "unknown_sku"}';
  END IF;
  IF s.expected_on IS DISTINCT FROM p_on THEN
    UPDATE stock x SET expected_on = p_on WHERE x.sku = p_sku AND x.location = 'main';
    INSERT INTO stock_ledger (sku, movement, expected_on, delta_available, delta_reserved, delta_committed,
                              available_after, reserved_after, committed_after, reason, actor)
    VALUES (p_sku, 'expected', p_on, 0, 0, 0, s.available, s.reserved, s.committed, 'expected', p_actor);
  END IF;
  RETURN sku_done(p_sku);
END
$$;

-- What was expected of these SKUs has come. Called with the SKUs locked.
CREATE FUNCTION expect_no_more(skus text[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  UPDATE stock s SET expected_on = NULL WHERE s.sku = ANY (skus) AND s.location = 'main' AND s.expected_on IS NOT NULL
$$;

-- As in V6. Goods that people bring on sale are the ones that were expected: those received, and those that a correction,
-- a transfer or a location that ships again puts on sale when there were none. What orders give back is not.
CREATE OR REPLACE FUNCTION tell_sku(p_sku text, was bigint, place text, p_traceparent text, default_low bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  now_available bigint := (SELECT available FROM on_sale WHERE sku = p_sku);
BEGIN
  IF was = 0 AND now_available > 0 THEN
    PERFORM expect_no_more(ARRAY[p_sku]);
  END IF;
  PERFORM tell_stock(ARRAY[p_sku], ARRAY[was], ARRAY[now_available], ARRAY[place],
                     ARRAY[(SELECT s.low_at FROM stock s WHERE s.sku = p_sku AND s.location = 'main')],
                     ARRAY[p_traceparent], default_low);
  RETURN now_available;
END
$$;

-- As in V6, with goods that were expected.
CREATE OR REPLACE FUNCTION change_stock(
  p_sku text, p_location text, p_movement text, p_delta bigint, p_reason text, p_actor uuid, p_key text, p_traceparent text,
  default_low bigint DEFAULT 5
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  -- A request that names no place means `main`, and keys from before there were places go on to work.
  asked jsonb := jsonb_build_object('sku', p_sku, 'movement', p_movement, 'delta', p_delta, 'reason', p_reason)
                 || jsonb_strip_nulls(jsonb_build_object('location', nullif(p_location, 'main')));
  result jsonb := take_stock_request(p_actor, p_key, asked);
  was bigint;
  on_hand bigint;
  s stock;
BEGIN
  IF result IS NOT NULL THEN
    RETURN result;
  END IF;
  PERFORM FROM locations l WHERE l.code = p_location FOR SHARE;
  IF NOT FOUND THEN
    RETURN answer_stock_request(p_actor, p_key, '{"outcome": "unknown_location"}');
  END IF;
  was := lock_sku(p_sku);
  SELECT * INTO s FROM stock x WHERE x.sku = p_sku AND x.location = p_location;
  result := CASE
    WHEN was IS NULL THEN '{"outcome": "unknown_sku"}'
    WHEN coalesce(s.available, 0) + p_delta < 0
      THEN jsonb_build_object('outcome', 'not_enough', 'available', coalesce(s.available, 0))
    WHEN coalesce(s.received, 0) + p_delta > 1000000000
      THEN jsonb_build_object('outcome', 'too_much', 'received', coalesce(s.received, 0))
  END;
  IF result IS NOT NULL THEN
    RETURN answer_stock_request(p_actor, p_key, result);
  END IF;

  INSERT INTO stock (sku, location) VALUES (p_sku, p_location) ON CONFLICT DO NOTHING;
  UPDATE stock x SET received = x.received + p_delta, available = x.available + p_delta
  WHERE x.sku = p_sku AND x.location = p_location RETURNING * INTO s;
  INSERT INTO stock_ledger (sku, location, movement, delta_available, delta_reserved, delta_committed,
                            available_after, reserved_after, committed_after, reason, actor)
  VALUES (p_sku, p_location, p_movement, p_delta, 0, 0, s.available, s.reserved, s.committed, p_reason, p_actor);
  on_hand := tell_sku(p_sku, was, p_location, p_traceparent, default_low);
  IF p_movement = 'received' AND on_hand > 0 THEN
    PERFORM expect_no_more(ARRAY[p_sku]);
  END IF;
  RETURN answer_stock_request(p_actor, p_key, sku_done(p_sku));
END
$$;

-- As in V6. A day on which goods are expected is no history.
CREATE OR REPLACE FUNCTION open_stock(lines jsonb, p_reason text, p_actor uuid, p_traceparent text, default_low bigint DEFAULT 5) RETURNS int
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  opened_skus text[];
  opened_pieces bigint[];
  sells boolean;
BEGIN
  SELECT l.active INTO sells FROM locations l WHERE l.code = 'main' FOR SHARE;
  INSERT INTO stock (sku)
  SELECT l ->> 'sku' FROM jsonb_array_elements(lines) AS l ORDER BY (l ->> 'sku') COLLATE "C"
  ON CONFLICT DO NOTHING;
  -- Locked in a statement of its own: the next one then sees what the one before us in the queue has written.
  PERFORM FROM (SELECT FROM stock s WHERE s.location = 'main' AND s.sku IN (SELECT l ->> 'sku' FROM jsonb_array_elements(lines) AS l)
                ORDER BY s.sku FOR UPDATE) AS locked;
  WITH given AS (
    SELECT l ->> 'sku' AS sku, (l ->> 'received')::bigint AS received FROM jsonb_array_elements(lines) AS l
  ), opened AS (
    UPDATE stock s SET received = g.received, available = g.received
    FROM given g
    WHERE s.sku = g.sku AND s.location = 'main' AND g.received > 0
      AND NOT EXISTS (SELECT FROM stock_ledger h WHERE h.sku = s.sku AND h.movement <> 'expected')
    RETURNING s.sku, s.available
  ), booked AS (
    INSERT INTO stock_ledger (sku, movement, delta_available, delta_reserved, delta_committed,
                              available_after, reserved_after, committed_after, reason, actor)
    SELECT o.sku, 'opened', o.available, 0, 0, o.available, 0, 0, p_reason, p_actor FROM opened o ORDER BY o.sku
  )
  SELECT array_agg(o.sku ORDER BY o.sku), array_agg(o.available ORDER BY o.sku) INTO opened_skus, opened_pieces FROM opened o;
  IF opened_skus IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM expect_no_more(opened_skus);
  IF sells THEN -- without history a SKU has nothing anywhere else
    PERFORM tell_stock(opened_skus, array_fill(0::bigint, ARRAY[cardinality(opened_skus)]), opened_pieces, NULL, NULL,
                       array_fill(p_traceparent, ARRAY[cardinality(opened_skus)]), default_low);
  END IF;
  RETURN cardinality(opened_skus);
END
$$;

-- As in V6, with goods that were expected and are on sale now.
CREATE OR REPLACE FUNCTION change_location(
  p_code text, p_name text, p_priority int, p_active boolean, p_traceparent text, default_low bigint DEFAULT 5
) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  l locations;
  promised bigint;
  skus text[]; was bigint[]; low_at bigint[]; available bigint[];
BEGIN
  LOCK TABLE locations IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO l FROM locations x WHERE x.code = p_code FOR NO KEY UPDATE; -- waits for goods on their way in
  IF NOT FOUND THEN
    RETURN '{"outcome": "unknown"}';
  END IF;
  IF l.active <> p_active THEN
    PERFORM FROM (SELECT FROM stock m WHERE m.location = 'main'
                    AND m.sku IN (SELECT s.sku FROM stock s WHERE s.location = p_code) ORDER BY m.sku FOR UPDATE) AS locked;
    IF NOT p_active THEN
      SELECT coalesce(sum(s.reserved), 0) INTO promised FROM stock s WHERE s.location = p_code;
      IF promised > 0 THEN
        RETURN jsonb_build_object('outcome', 'has_reservations', 'reserved', promised);
      ELSIF NOT EXISTS (SELECT FROM locations x WHERE x.active AND x.code <> p_code) THEN
        RETURN '{"outcome": "last_active"}';
      END IF;
    END IF;
    SELECT array_agg(o.sku), array_agg(o.available), array_agg(o.low_at) INTO skus, was, low_at
    FROM (SELECT o.sku, o.available, m.low_at FROM on_sale o JOIN stock m ON m.sku = o.sku AND m.location = 'main'
          WHERE o.sku IN (SELECT s.sku FROM stock s WHERE s.location = p_code AND s.available > 0) ORDER BY o.sku) AS o;
  END IF;
  UPDATE locations x SET name = coalesce(p_name, x.name), priority = coalesce(p_priority, x.priority),
                         active = coalesce(p_active, x.active)
  WHERE x.code = p_code RETURNING * INTO l;
  IF skus IS NOT NULL THEN
    SELECT array_agg(o.available) INTO available
    FROM (SELECT o.available FROM on_sale o WHERE o.sku = ANY (skus) ORDER BY o.sku) AS o;
    PERFORM expect_no_more((SELECT array_agg(k.sku) FROM unnest(skus, was, available) AS k (sku, was, available)
                            WHERE k.was = 0 AND k.available > 0));
    PERFORM tell_stock(skus, was, available, array_fill(p_code, ARRAY[cardinality(skus)]), low_at,
                       array_fill(p_traceparent, ARRAY[cardinality(skus)]), default_low);
  END IF;
  RETURN jsonb_build_object('outcome', 'done', 'location', location_json(l));
END
$$;

-- What each location has of a SKU, in the order in which they ship; null when there is no such SKU. As in V7, with what is expected.
CREATE OR REPLACE FUNCTION stock_by_location(p_sku text, default_low bigint) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('sku', p_sku, 'available', coalesce(sum(s.available) FILTER (WHERE l.active), 0),
    'threshold', coalesce(max(s.low_at), default_low),
    'expected_on', max(s.expected_on) FILTER (WHERE s.expected_on >= current_date),
    'locations', jsonb_agg(jsonb_build_object(
      'location', s.location, 'name', l.name, 'active', l.active, 'available', s.available, 'reserved', s.reserved,
      'committed', s.committed, 'received', s.received) ORDER BY l.active DESC, l.priority, s.location))
  FROM stock s JOIN locations l ON l.code = s.location WHERE s.sku = p_sku HAVING count(*) > 0
$$;

-- A SKU's ledger, newest first: entries before `p_before`, at one location or all; no row when there is no such SKU. As in V7,
-- with what was expected.
CREATE OR REPLACE FUNCTION ledger_page(p_sku text, p_location text, p_before bigint, p_limit bigint)
RETURNS TABLE (items jsonb, next bigint)
LANGUAGE sql STABLE AS $$
  WITH found AS (
    SELECT h.*, row_number() OVER (ORDER BY h.id DESC) AS n FROM stock_ledger h
    WHERE h.sku = p_sku AND h.id < coalesce(p_before, 9223372036854775807) AND (p_location IS NULL OR h.location = p_location)
    ORDER BY h.id DESC LIMIT p_limit + 1
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
           'id', g.id, 'at', rfc3339(g.at), 'location', g.location, 'movement', g.movement, 'counterpart', g.counterpart,
           'before', jsonb_build_object('available', g.available_after - g.delta_available,
             'reserved', g.reserved_after - g.delta_reserved, 'committed', g.committed_after - g.delta_committed),
           'after', jsonb_build_object('available', g.available_after, 'reserved', g.reserved_after,
             'committed', g.committed_after),
           'expected_on', g.expected_on, 'reason', g.reason, 'order_id', g.order_id, 'actor', g.actor) ORDER BY g.n), '[]'),
         CASE WHEN EXISTS (SELECT FROM found WHERE n > p_limit) THEN min(g.id) END
  FROM found g WHERE g.n <= p_limit
  HAVING EXISTS (SELECT FROM stock s WHERE s.sku = p_sku)
$$;
