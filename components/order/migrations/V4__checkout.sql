-- Checkout in two statements: `checkout_load` reads everything a quote is computed from, `place_order` makes the order
-- if that is still what the cart and the prices say.

-- The lines of a cart with today's offers, and a fingerprint: all that a quote depends on, in one text.
CREATE FUNCTION cart_offers(p_cart uuid, OUT lines jsonb, OUT subtotal_minor bigint, OUT fingerprint text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT
    jsonb_agg(jsonb_build_object('sku', i.sku, 'title', s.title, 'quantity', i.quantity,
      'unit_price_minor', s.price_minor, 'currency', s.currency, 'grams', s.grams, 'active', s.active)
      ORDER BY i.added_at, i.sku),
    sum(s.price_minor * i.quantity)::bigint,
    string_agg(concat_ws(' ', i.sku, i.quantity, s.price_minor, s.currency, s.grams, s.active), ','
      ORDER BY i.added_at, i.sku)
  INTO lines, subtotal_minor, fingerprint
  -- OFFSET 0 keeps the planner from doing it the other way round: all offers, and of them those in the cart.
  FROM cart_items i CROSS JOIN LATERAL (SELECT * FROM sellable WHERE sku = i.sku OFFSET 0) AS s
  WHERE i.cart_id = p_cart;
END
$$;

-- {replay: {request_hash, order}, cart: {id, currency, fingerprint, lines}, last_order_id}; each may be null.
-- `p_key` is null for a quote. `last_order_id` is only looked for when there is no open cart.
CREATE FUNCTION checkout_load(p_user uuid, p_key text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  known idempotency_keys;
  cart carts;
  offers record;
BEGIN
  IF p_key IS NOT NULL THEN
    SELECT * INTO known FROM idempotency_keys WHERE user_id = p_user AND key = p_key;
    IF FOUND THEN
      RETURN jsonb_build_object('replay', jsonb_build_object('request_hash', known.request_hash,
        'order', (SELECT order_view(o) FROM orders o WHERE o.id = known.order_id)));
    END IF;
  END IF;
  SELECT * INTO cart FROM carts WHERE user_id = p_user AND status = 'open';
  IF NOT FOUND THEN
    RETURN jsonb_build_object('last_order_id',
      (SELECT id FROM orders WHERE user_id = p_user ORDER BY id DESC LIMIT 1));
  END IF;
  SELECT * INTO offers FROM cart_offers(cart.id);
  RETURN jsonb_build_object('cart', jsonb_build_object('id', cart.id, 'currency', cart.currency,
    'fingerprint', offers.fingerprint, 'lines', coalesce(offers.lines, '[]')));
END
$$;

-- Makes the order of a cart. `p` carries what SQL does not compute: {email, name, discount_minor, shipping_minor,
-- tax_minor, total_minor, discounts, promotion_codes, shipping_method, shipping_label, tax_label, shipping_address,
-- payment_token}. Outcomes:
--   placed        the order, its lines, its timeline, the idempotency record and order.placed are written
--   replayed      this key made this order already (the same request was sent twice at once)
--   key_reused    this key belongs to another request
--   cart_ordered  the cart became an order under another key
--   changed       the lines, prices or weights are not those the quote was computed from; nothing is written
CREATE FUNCTION place_order(p_user uuid, p_cart uuid, p_fingerprint text, p_key text, p_request_hash text, p jsonb,
  p_traceparent text, OUT outcome text, OUT order_id uuid, OUT number text, OUT placed_at text)
LANGUAGE plpgsql AS $$
DECLARE
  cart carts;
  known idempotency_keys;
  offers record;
  made orders;
BEGIN
  SELECT * INTO cart FROM carts c WHERE c.id = p_cart AND c.user_id = p_user FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'changed';
    RETURN;
  END IF;
  IF cart.status = 'ordered' THEN
    SELECT * INTO known FROM idempotency_keys k WHERE k.user_id = p_user AND k.key = p_key;
    IF NOT FOUND THEN
      outcome := 'cart_ordered';
      SELECT o.id INTO order_id FROM orders o WHERE o.cart_id = p_cart;
    ELSIF known.request_hash = p_request_hash THEN
      outcome := 'replayed';
      order_id := known.order_id;
    ELSE
      outcome := 'key_reused';
    END IF;
    RETURN;
  END IF;
  SELECT * INTO offers FROM cart_offers(p_cart);
  IF offers.fingerprint IS DISTINCT FROM p_fingerprint OR offers.fingerprint IS NULL THEN
    outcome := 'changed';
    RETURN;
  END IF;
  INSERT INTO orders (id, number, cart_id, user_id, email, name, currency, subtotal_minor, discount_minor,
    shipping_minor, tax_minor, total_minor, discounts, promotion_codes, shipping_method, shipping_label, tax_label,
    shipping_address, payment_token)
  VALUES (uuid_v7(), order_number(nextval('order_numbers')), p_cart, p_user, p ->> 'email', p ->> 'name',
    cart.currency, offers.subtotal_minor, (p ->> 'discount_minor')::bigint, (p ->> 'shipping_minor')::bigint,
    (p ->> 'tax_minor')::bigint, (p ->> 'total_minor')::bigint, p -> 'discounts',
    ARRAY(SELECT jsonb_array_elements_text(p -> 'promotion_codes')), p ->> 'shipping_method', p ->> 'shipping_label',
    p ->> 'tax_label', p -> 'shipping_address', p ->> 'payment_token')
  RETURNING * INTO made;
  INSERT INTO order_items (order_id, position, sku, title, quantity, unit_price_minor)
  SELECT made.id, l.ordinality, l.value ->> 'sku', l.value ->> 'title', (l.value ->> 'quantity')::int,
    (l.value ->> 'unit_price_minor')::bigint
  FROM jsonb_array_elements(offers.lines) WITH ORDINALITY AS l;
  INSERT INTO order_timeline (order_id, status, at) VALUES (made.id, 'placed', made.status_at);
  INSERT INTO order_timers (order_id, armed_at) VALUES (made.id, made.status_at);
  INSERT INTO idempotency_keys (user_id, key, request_hash, order_id)
  VALUES (p_user, p_key, p_request_hash, made.id);
  UPDATE carts SET status = 'ordered', updated_at = now() WHERE id = p_cart;
  PERFORM emit('souk:order', 'order.placed', 1, made.id::text, p_traceparent, order_snapshot(made));
  outcome := 'placed';
  order_id := made.id;
  number := made.number;
  placed_at := rfc3339(made.placed_at);
END
$$;
