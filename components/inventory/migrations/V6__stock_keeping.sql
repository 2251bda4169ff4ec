-- Stock kept by people, at any location: goods received, corrections, transfers, thresholds, and the locations
-- themselves. As in V3 each answers with JSON that says what happened, and a refusal writes nothing.
-- Locks: a location (shared to put goods there, alone to change it), then SKUs in order.

DROP FUNCTION change_stock(text, text, bigint, text, uuid, text, text);
DROP FUNCTION open_stock(jsonb, text, uuid, text);

-- Takes an idempotency key: null when it is new (or there is none), else the answer to give.
CREATE FUNCTION take_stock_request(p_actor uuid, p_key text, asked jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  earlier stock_requests;
BEGIN
  IF p_key IS NULL THEN
    RETURN NULL;
  END IF;
  -- Entered first: a second request with this key waits here until the first is through.
  INSERT INTO stock_requests (actor, idempotency_key, request, answer) VALUES (p_actor, p_key, asked, '{}')
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  SELECT * INTO earlier FROM stock_requests r WHERE r.actor = p_actor AND r.idempotency_key = p_key;
  RETURN CASE WHEN earlier.request = asked THEN earlier.answer ELSE '{"outcome": "key_reused"}' END;
END
$$;

-- Remembers what a key was answered with; a refusal leaves it unused.
CREATE FUNCTION answer_stock_request(p_actor uuid, p_key text, result jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
  IF p_key IS NOT NULL AND result ->> 'outcome' = 'done' THEN
    UPDATE stock_requests r SET answer = result WHERE r.actor = p_actor AND r.idempotency_key = p_key;
  ELSIF p_key IS NOT NULL THEN
    DELETE FROM stock_requests r WHERE r.actor = p_actor AND r.idempotency_key = p_key;
  END IF;
  RETURN result;
END
$$;

-- Locks a SKU and says what of it is on sale; null when there is no such SKU.
CREATE FUNCTION lock_sku(p_sku text) RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM stock s WHERE s.sku = p_sku AND s.location = 'main' FOR UPDATE;
  RETURN (SELECT available FROM on_sale WHERE sku = p_sku);
END
$$;

-- Tells the others what became of one locked SKU of which `was` could be sold. Returns what can be sold now.
CREATE FUNCTION tell_sku(p_sku text, was bigint, place text, p_traceparent text, default_low bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  now_available bigint := (SELECT available FROM on_sale WHERE sku = p_sku);
BEGIN
  PERFORM tell_stock(ARRAY[p_sku], ARRAY[was], ARRAY[now_available], ARRAY[place],
                     ARRAY[(SELECT s.low_at FROM stock s WHERE s.sku = p_sku AND s.location = 'main')],
                     ARRAY[p_traceparent], default_low);
  RETURN now_available;
END
$$;

-- Adds `delta` (negative: writes off) to what a location has of one SKU. The answer's `outcome` is one of
--   done              with sku and available, over all locations; the first answer again when the key is repeated
--   unknown_sku, unknown_location
--   not_enough        with available: less than the write-off is at that location
--   too_much          with received: more than a stock row holds
--   key_reused        the key was used for another request
CREATE FUNCTION change_stock(
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
  RETURN answer_stock_request(p_actor, p_key, jsonb_build_object('outcome', 'done', 'sku', p_sku,
    'available', tell_sku(p_sku, was, p_location, p_traceparent, default_low)));
END
$$;

-- Moves pieces that can be sold from one location to another. They leave `received` of the one and enter that of the
-- other, so each row stays the sum of its parts and the shop as a whole received no more and no less. The answer's
-- `outcome` is one of `done` with sku, available (over all locations), from and to (what each has now); unknown_sku;
-- unknown_location with location; not_enough with available at `from`; too_much with received at `to`; key_reused.
CREATE FUNCTION transfer_stock(
  p_sku text, p_from text, p_to text, p_quantity bigint, p_reason text, p_actor uuid, p_key text, p_traceparent text,
  default_low bigint DEFAULT 5
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  result jsonb := take_stock_request(p_actor, p_key, jsonb_build_object(
    'sku', p_sku, 'movement', 'transferred', 'from', p_from, 'to', p_to, 'quantity', p_quantity, 'reason', p_reason));
  was bigint;
  missing text;
  source stock;
  target stock;
BEGIN
  IF result IS NOT NULL THEN
    RETURN result;
  END IF;
  PERFORM FROM locations l WHERE l.code IN (p_from, p_to) ORDER BY l.code FOR SHARE;
  SELECT p.code INTO missing FROM (VALUES (1, p_from), (2, p_to)) AS p (n, code)
  WHERE NOT EXISTS (SELECT FROM locations l WHERE l.code = p.code) ORDER BY p.n LIMIT 1;
  IF missing IS NOT NULL THEN
    RETURN answer_stock_request(p_actor, p_key, jsonb_build_object('outcome', 'unknown_location', 'location', missing));
  END IF;
  was := lock_sku(p_sku);
  SELECT * INTO source FROM stock x WHERE x.sku = p_sku AND x.location = p_from;
  SELECT * INTO target FROM stock x WHERE x.sku = p_sku AND x.location = p_to;
  result := CASE
    WHEN was IS NULL THEN '{"outcome": "unknown_sku"}'
    WHEN coalesce(source.available, 0) < p_quantity
      THEN jsonb_build_object('outcome', 'not_enough', 'available', coalesce(source.available, 0))
    WHEN coalesce(target.received, 0) + p_quantity > 1000000000
      THEN jsonb_build_object('outcome', 'too_much', 'received', target.received)
  END;
  IF result IS NOT NULL THEN
    RETURN answer_stock_request(p_actor, p_key, result);
  END IF;

  UPDATE stock x SET received = x.received - p_quantity, available = x.available - p_quantity
  WHERE x.sku = p_sku AND x.location = p_from RETURNING * INTO source;
  INSERT INTO stock (sku, location) VALUES (p_sku, p_to) ON CONFLICT DO NOTHING;
  UPDATE stock x SET received = x.received + p_quantity, available = x.available + p_quantity
  WHERE x.sku = p_sku AND x.location = p_to RETURNING * INTO target;
  INSERT INTO stock_ledger (sku, location, movement, counterpart, delta_available, delta_reserved, delta_committed,
                            available_after, reserved_after, committed_after, reason, actor)
  VALUES (p_sku, p_from, 'transferred', p_to, -p_quantity, 0, 0, source.available, source.reserved, source.committed,
          p_reason, p_actor),
         (p_sku, p_to, 'transferred', p_from, p_quantity, 0, 0, target.available, target.reserved, target.committed,
          p_reason, p_actor);
  RETURN answer_stock_request(p_actor, p_key, jsonb_build_object('outcome', 'done', 'sku', p_sku,
    'available', tell_sku(p_sku, was, p_from, p_traceparent, default_low),
    'from', jsonb_build_object('location', p_from, 'available', source.available),
    'to', jsonb_build_object('location', p_to, 'available', target.available)));
END
$$;

-- Gives SKUs their first stock, at `main`: `lines` is [{sku, received}], each SKU once. A SKU that is not known becomes
-- known; one that has any history keeps what it has, so that loading the same figures again changes nothing. Returns
-- how many SKUs got stock.
CREATE FUNCTION open_stock(lines jsonb, p_reason text, p_actor uuid, p_traceparent text, default_low bigint DEFAULT 5) RETURNS int
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
      AND NOT EXISTS (SELECT FROM stock_ledger h WHERE h.sku = s.sku)
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
  IF sells THEN -- without history a SKU has nothing anywhere else
    PERFORM tell_stock(opened_skus, array_fill(0::bigint, ARRAY[cardinality(opened_skus)]), opened_pieces, NULL, NULL,
                       array_fill(p_traceparent, ARRAY[cardinality(opened_skus)]), default_low);
  END IF;
  RETURN cardinality(opened_skus);
END
$$;

-- Sets at how many pieces a SKU counts as low; null: at the shop's default. Nobody is told of a SKU that is low by that
-- alone: stock.low tells of pieces that went. Null when there is no such SKU.
CREATE FUNCTION set_low_at(p_sku text, p_low_at bigint, default_low bigint) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
  UPDATE stock s SET low_at = p_low_at WHERE s.sku = p_sku AND s.location = 'main'
  RETURNING jsonb_build_object('sku', s.sku, 'threshold', coalesce(s.low_at, default_low), 'is_default', s.low_at IS NULL)
$$;

CREATE FUNCTION location_json(l locations) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('code', l.code, 'name', l.name, 'priority', l.priority, 'active', l.active)
$$;

-- `outcome`: done with the location; exists; too_many with most.
CREATE FUNCTION add_location(p_code text, p_name text, p_priority int, p_active boolean) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  most CONSTANT int := 100;
  l locations;
BEGIN
  LOCK TABLE locations IN SHARE ROW EXCLUSIVE MODE; -- one at a time; shares of rows are not kept out
  IF EXISTS (SELECT FROM locations x WHERE x.code = p_code) THEN
    RETURN '{"outcome": "exists"}';
  ELSIF (SELECT count(*) FROM locations) >= most THEN
    RETURN jsonb_build_object('outcome', 'too_many', 'most', most);
  END IF;
  INSERT INTO locations (code, name, priority, active) VALUES (p_code, p_name, p_priority, p_active) RETURNING * INTO l;
  RETURN jsonb_build_object('outcome', 'done', 'location', location_json(l));
END
$$;

-- Changes what is not null. What an inactive location has cannot be sold, so (de)activation changes what shoppers see.
-- `outcome`: done with the location; unknown; has_reservations with reserved (pieces); last_active.
CREATE FUNCTION change_location(
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
    PERFORM tell_stock(skus, was, available, array_fill(p_code, ARRAY[cardinality(skus)]), low_at,
                       array_fill(p_traceparent, ARRAY[cardinality(skus)]), default_low);
  END IF;
  RETURN jsonb_build_object('outcome', 'done', 'location', location_json(l));
END
$$;
