-- What those who keep the stock look at, and the wishes of shoppers. A page function reads one row more than it shows:
-- `next` is the last shown row's key when there are more.

-- What each location has of a SKU, in the order in which they ship; null when there is no such SKU.
CREATE FUNCTION stock_by_location(p_sku text, default_low bigint) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('sku', p_sku, 'available', coalesce(sum(s.available) FILTER (WHERE l.active), 0),
    'threshold', coalesce(max(s.low_at), default_low),
    'locations', jsonb_agg(jsonb_build_object(
      'location', s.location, 'name', l.name, 'active', l.active, 'available', s.available, 'reserved', s.reserved,
      'committed', s.committed, 'received', s.received) ORDER BY l.active DESC, l.priority, s.location))
  FROM stock s JOIN locations l ON l.code = s.location WHERE s.sku = p_sku HAVING count(*) > 0
$$;

-- A SKU's ledger, newest first: entries before `p_before`, at one location or all; no row when there is no such SKU.
CREATE FUNCTION ledger_page(p_sku text, p_location text, p_before bigint, p_limit bigint)
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
           'reason', g.reason, 'order_id', g.order_id, 'actor', g.actor) ORDER BY g.n), '[]'),
         CASE WHEN EXISTS (SELECT FROM found WHERE n > p_limit) THEN min(g.id) END
  FROM found g WHERE g.n <= p_limit
  HAVING EXISTS (SELECT FROM stock s WHERE s.sku = p_sku)
$$;

-- Reservations with what they hold, held or sold, and from where; newest order first, orders before `p_before`.
CREATE FUNCTION reservations_page(p_status text, p_before uuid, p_limit bigint) RETURNS TABLE (items jsonb, next uuid)
LANGUAGE sql STABLE AS $$
  WITH found AS (
    SELECT r.*, row_number() OVER (ORDER BY r.order_id DESC) AS n FROM reservations r
    WHERE (p_status IS NULL OR r.status = p_status) AND (p_before IS NULL OR r.order_id < p_before)
    ORDER BY r.order_id DESC LIMIT p_limit + 1
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
           'order_id', f.order_id, 'order_number', f.order_number, 'status', f.status, 'release_reason', f.release_reason,
           'expires_at', rfc3339(f.expires_at), 'created_at', rfc3339(f.created_at), 'lines', (
             SELECT coalesce(jsonb_agg(jsonb_build_object('sku', l.sku, 'location', l.location, 'quantity', l.quantity,
                                                          'returned', l.returned) ORDER BY l.sku, l.location), '[]')
             FROM reservation_lines l WHERE l.order_id = f.order_id)) ORDER BY f.n), '[]'),
         CASE WHEN EXISTS (SELECT FROM found WHERE n > p_limit) THEN (array_agg(f.order_id ORDER BY f.n DESC))[1] END
  FROM found f WHERE f.n <= p_limit
$$;

-- SKUs of which at most their threshold (or `p_threshold`, for all alike) can be sold, in SKU order.
CREATE FUNCTION low_stock(p_threshold bigint, p_after text, p_limit bigint, default_low bigint)
RETURNS TABLE (sku text, available bigint, reserved bigint, committed bigint, threshold bigint)
LANGUAGE sql STABLE AS $$
  SELECT s.sku, coalesce(sum(s.available) FILTER (WHERE l.active), 0)::bigint, sum(s.reserved)::bigint,
         sum(s.committed)::bigint, coalesce(p_threshold, max(s.low_at), default_low)
  FROM stock s JOIN locations l ON l.code = s.location
  WHERE p_after IS NULL OR s.sku > p_after
  GROUP BY s.sku
  HAVING coalesce(sum(s.available) FILTER (WHERE l.active), 0) <= coalesce(p_threshold, max(s.low_at), default_low)
  ORDER BY s.sku LIMIT p_limit
$$;

-- One person's wish to be told when a SKU is back. With the SKU locked, so that no delivery slips in between.
-- `outcome`: done with sku and since; unknown_sku; in_stock with available (nothing to wait for).
CREATE FUNCTION subscribe(p_sku text, p_user uuid, p_email text, p_name text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  on_hand bigint := lock_sku(p_sku);
  since timestamptz;
BEGIN
  IF on_hand IS NULL THEN
    RETURN '{"outcome": "unknown_sku"}';
  ELSIF on_hand > 0 THEN
    RETURN jsonb_build_object('outcome', 'in_stock', 'available', on_hand);
  END IF;
  INSERT INTO stock_subscriptions AS s (sku, user_id, email, name) VALUES (p_sku, p_user, p_email, p_name)
  ON CONFLICT (sku, user_id) DO UPDATE SET email = excluded.email, name = excluded.name
  RETURNING s.created_at INTO since;
  RETURN jsonb_build_object('outcome', 'done', 'sku', p_sku, 'since', rfc3339(since));
END
$$;

-- Ends the wish, if there is one; false when there is no such SKU.
CREATE FUNCTION unsubscribe(p_sku text, p_user uuid) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
  WITH ended AS (DELETE FROM stock_subscriptions WHERE sku = p_sku AND user_id = p_user)
  SELECT EXISTS (SELECT FROM stock WHERE sku = p_sku)
$$;
