-- Stock changed by people: goods received, corrections, and the opening figures of an import. Each answers with what
-- happened as JSON, so that one round trip decides between success and the right refusal; a refusal writes nothing.

-- Adds `delta` (negative: writes off) to what can be sold of one SKU. The answer's `outcome` is one of
--   done         with sku and available; the answer of the first call again when `idempotency_key` is repeated
--   unknown_sku  no such SKU
--   not_enough   with available: less than the write-off
--   too_much     with received: more than a stock row holds
--   key_reused   the key was used for another request
CREATE FUNCTION change_stock(
  p_sku text, p_movement text, p_delta bigint, p_reason text, p_actor uuid, p_key text, p_traceparent text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  asked jsonb := jsonb_build_object('sku', p_sku, 'movement', p_movement, 'delta', p_delta, 'reason', p_reason);
  result jsonb;
  earlier stock_requests;
  s stock;
BEGIN
  IF p_key IS NOT NULL THEN
    -- Entered first: a second request with this key waits here until the first is through.
    INSERT INTO stock_requests (actor, idempotency_key, request, answer) VALUES (p_actor, p_key, asked, '{}')
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT * INTO earlier FROM stock_requests r WHERE r.actor = p_actor AND r.idempotency_key = p_key;
      RETURN CASE WHEN earlier.request = asked THEN earlier.answer ELSE '{"outcome": "key_reused"}' END;
    END IF;
  END IF;

  SELECT * INTO s FROM stock x WHERE x.sku = p_sku AND x.location = 'main' FOR UPDATE;
  result := CASE
    WHEN s.sku IS NULL THEN '{"outcome": "unknown_sku"}'
    WHEN s.available + p_delta < 0 THEN jsonb_build_object('outcome', 'not_enough', 'available', s.available)
    WHEN s.received + p_delta > 1000000000 THEN jsonb_build_object('outcome', 'too_much', 'received', s.received)
  END;
  IF result IS NOT NULL THEN
    DELETE FROM stock_requests r WHERE r.actor = p_actor AND r.idempotency_key = p_key;
    RETURN result;
  END IF;

  UPDATE stock SET received = received + p_delta, available = available + p_delta
  WHERE sku = p_sku AND location = 'main' RETURNING * INTO s;
  INSERT INTO stock_ledger (sku, movement, delta_available, delta_reserved, delta_committed,
                            available_after, reserved_after, committed_after, reason, actor)
  VALUES (p_sku, p_movement, p_delta, 0, 0, s.available, s.reserved, s.committed, p_reason, p_actor);
  PERFORM emit('souk:inventory', 'stock.changed', 1, p_sku, p_traceparent,
               jsonb_build_object('sku', p_sku, 'available', s.available));
  result := jsonb_build_object('outcome', 'done', 'sku', p_sku, 'available', s.available);
  UPDATE stock_requests r SET answer = result WHERE r.actor = p_actor AND r.idempotency_key = p_key;
  RETURN result;
END
$$;

-- Gives SKUs their first stock: `lines` is [{sku, received}], each SKU once. A SKU that is not known becomes known; one
-- that has any history keeps what it has, so that loading the same figures again changes nothing. Returns how many
-- SKUs got stock.
CREATE FUNCTION open_stock(lines jsonb, p_reason text, p_actor uuid, p_traceparent text) RETURNS int
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  changed int;
BEGIN
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
      AND NOT EXISTS (SELECT FROM stock_ledger h WHERE h.sku = s.sku AND h.location = s.location)
    RETURNING s.sku, s.available
  ), booked AS (
    INSERT INTO stock_ledger (sku, movement, delta_available, delta_reserved, delta_committed,
                              available_after, reserved_after, committed_after, reason, actor)
    SELECT o.sku, 'opened', o.available, 0, 0, o.available, 0, 0, p_reason, p_actor FROM opened o ORDER BY o.sku
  )
  SELECT count(emit('souk:inventory', 'stock.changed', 1, o.sku, p_traceparent,
                    jsonb_build_object('sku', o.sku, 'available', o.available))) INTO changed
  FROM opened o;
  RETURN changed;
END
$$;

-- Forgets what only guards against repetition and is older than any redelivery or retry: at most `batch_size` rows of
-- each kind a call. Returns how many went.
CREATE FUNCTION forget_old_requests(batch_size int) RETURNS int
LANGUAGE sql VOLATILE AS $$
  WITH events AS (
    DELETE FROM inbox WHERE event_id IN (
      SELECT event_id FROM inbox WHERE received_at < now() - interval '7 days'
      ORDER BY received_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  ), requests AS (
    DELETE FROM stock_requests WHERE (actor, idempotency_key) IN (
      SELECT actor, idempotency_key FROM stock_requests WHERE created_at < now() - interval '7 days'
      ORDER BY created_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT ((SELECT count(*) FROM events) + (SELECT count(*) FROM requests))::int
$$;
