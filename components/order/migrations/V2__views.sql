-- The shapes that leave the database: cart and order documents, and what events say about an order.
--
-- Functions that run queries are PL/pgSQL throughout, even one-liners: a session keeps their plans, while a SQL function
-- that is not inlined is planned anew by every statement that calls it, which cost checkout 400 microseconds.

CREATE FUNCTION money(amount_minor bigint, currency text) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('amount_minor', amount_minor, 'currency', currency)
$$;

-- An order's number: S-XXXX-XXXX, 32 letters and digits without look-alikes (no 0, 1, I, O). Seven of them are
-- the sequence's value under a permutation of 35 bits, so that numbers do not tell how many orders there were; the
-- eighth is a check: the sum of the seven, weighted 1, 3, 5 ... 13, modulo 32. Odd weights make every mistyped
-- character show.
CREATE FUNCTION order_number(n bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  alphabet CONSTANT text := '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  mask CONSTANT bigint := 34359738367;
  v bigint := (n * 181783497 + 12873554129) & mask;
  checksum int := 0;
  digit int;
  digits text := '';
BEGIN
  v := v # (v >> 18);
  v := (v * 204209821) & mask;
  v := v # (v >> 17);
  FOR i IN 0..6 LOOP
    digit := (v >> (5 * i)) & 31;
    checksum := checksum + digit * (2 * i + 1);
    digits := digits || substr(alphabet, digit + 1, 1);
  END LOOP;
  digits := digits || substr(alphabet, checksum % 32 + 1, 1);
  RETURN 'S-' || left(digits, 4) || '-' || right(digits, 4);
END
$$;

-- A cart as the API shows it. `available` is false for what can no longer be bought; such lines do not count.
CREATE FUNCTION cart_view(p_user uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  cart carts;
  shown jsonb;
  subtotal bigint;
BEGIN
  SELECT * INTO cart FROM carts WHERE user_id = p_user AND status = 'open';
  IF NOT FOUND THEN
    SELECT s.currency INTO cart.currency FROM sellable s WHERE s.active LIMIT 1;
    cart.currency := coalesce(cart.currency, 'EUR');
  END IF;
  SELECT
    coalesce(jsonb_agg(jsonb_build_object(
      'sku', i.sku, 'title', s.title, 'slug', s.slug, 'image_url', s.image_url, 'quantity', i.quantity,
      'unit_price', money(s.price_minor, s.currency),
      'line_total', money(s.price_minor * i.quantity, s.currency),
      'available', s.active AND s.currency = cart.currency) ORDER BY i.added_at, i.sku), '[]'),
    coalesce(sum(s.price_minor * i.quantity) FILTER (WHERE s.active AND s.currency = cart.currency), 0)
  INTO shown, subtotal
  FROM cart_items i CROSS JOIN LATERAL (SELECT * FROM sellable WHERE sku = i.sku OFFSET 0) AS s
  WHERE i.cart_id = cart.id;
  RETURN jsonb_build_object('id', cart.id, 'version', coalesce(cart.version, 0), 'items', shown,
    'subtotal', money(subtotal, cart.currency));
END
$$;

-- Where an entry stands among others of the same instant.
CREATE FUNCTION timeline_rank(status text) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(ARRAY['placed', 'reserved', 'payment_unknown', 'paid', 'confirmed', 'shipped', 'delivered',
    'rejected', 'cancelled', 'refund_requested', 'refunded'], status)
$$;

-- An order as the API shows it.
CREATE FUNCTION order_view(o orders) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object(
    'id', o.id, 'number', o.number, 'status', o.status, 'placed_at', rfc3339(o.placed_at),
    'items', (
      SELECT jsonb_agg(jsonb_build_object('sku', i.sku, 'title', i.title, 'quantity', i.quantity,
        'unit_price', money(i.unit_price_minor, o.currency),
        'line_total', money(i.unit_price_minor * i.quantity, o.currency)) ORDER BY i.position)
      FROM order_items i WHERE i.order_id = o.id),
    'subtotal', money(o.subtotal_minor, o.currency), 'discount', money(o.discount_minor, o.currency),
    'shipping', money(o.shipping_minor, o.currency), 'tax', money(o.tax_minor, o.currency),
    'total', money(o.total_minor, o.currency),
    'discounts', o.discounts, 'promotion_codes', o.promotion_codes, 'shipping_method', o.shipping_method,
    'shipping_label', o.shipping_label, 'tax_label', o.tax_label, 'shipping_address', nullif(o.shipping_address, '{}'),
    'reason', o.reason, 'detail', o.detail,
    'cancellable', o.status IN ('placed', 'reserved', 'confirmed'),
    'timeline', order_timeline_after(o.id, 0));
END
$$;

-- The entries of an order's timeline after the first `p_seen`.
CREATE FUNCTION order_timeline_after(p_order uuid, p_seen bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('status', t.status, 'at', rfc3339(t.at)) ORDER BY t.n), '[]')
    FROM (SELECT status, at, row_number() OVER (ORDER BY at, timeline_rank(status)) AS n
      FROM order_timeline WHERE order_id = p_order) AS t
    WHERE t.n > p_seen);
END
$$;

-- The lines of an order as events carry them.
CREATE FUNCTION order_event_lines(p_order uuid, p_currency text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT jsonb_agg(jsonb_build_object('sku', i.sku, 'title', i.title, 'quantity', i.quantity,
      'unit_price', money(i.unit_price_minor, p_currency)) ORDER BY i.position)
    FROM order_items i WHERE i.order_id = p_order);
END
$$;

-- The data of order.placed and order.confirmed.
CREATE FUNCTION order_snapshot(o orders) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object(
    'order_id', o.id, 'number', o.number, 'user_id', o.user_id, 'email', o.email, 'name', o.name,
    'lines', order_event_lines(o.id, o.currency),
    'subtotal', money(o.subtotal_minor, o.currency), 'discount', money(o.discount_minor, o.currency),
    'shipping', money(o.shipping_minor, o.currency), 'tax', money(o.tax_minor, o.currency),
    'total', money(o.total_minor, o.currency), 'shipping_address', o.shipping_address);
END
$$;

-- The data of events that end an order, and of shipment: who and what, without the address.
CREATE FUNCTION order_summary(o orders) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object(
    'order_id', o.id, 'number', o.number, 'user_id', o.user_id, 'email', o.email, 'name', o.name,
    'reason', o.reason, 'detail', o.detail, 'lines', order_event_lines(o.id, o.currency),
    'total', money(o.total_minor, o.currency));
END
$$;

-- A page of a shopper's orders, newest first, from below `p_before` (an order's id) on. `next` is the id to go on from,
-- null on the last page.
CREATE FUNCTION order_page(p_user uuid, p_before uuid, p_limit int, OUT items jsonb, OUT next uuid)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT
    coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number, 'status', o.status,
      'placed_at', rfc3339(o.placed_at), 'total', money(o.total_minor, o.currency),
      'pieces', (SELECT sum(i.quantity) FROM order_items i WHERE i.order_id = o.id),
      'titles', (SELECT jsonb_agg(i.title ORDER BY i.position) FROM order_items i
        WHERE i.order_id = o.id AND i.position <= 3)) ORDER BY o.n) FILTER (WHERE o.n <= p_limit), '[]'),
    (array_agg(o.id) FILTER (WHERE o.n = p_limit AND o.of > p_limit))[1]
  INTO items, next
  FROM (
    SELECT page.*, row_number() OVER (ORDER BY page.id DESC) AS n, count(*) OVER () AS of
    FROM (SELECT * FROM orders WHERE user_id = p_user AND (p_before IS NULL OR id < p_before)
      ORDER BY id DESC LIMIT p_limit + 1) AS page
  ) AS o;
END
$$;
