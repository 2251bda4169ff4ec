-- The part of an order's tax that is on its shipping, as far as the tax plug-in can tell the two apart. Pieces that come
-- back take their own tax along and leave this one, as they leave the shipping. Null for orders from before, of which all
-- tax counts as that of the goods.
ALTER TABLE orders ADD COLUMN shipping_tax_minor bigint;

-- place_order of V9, which now also keeps that part.
CREATE OR REPLACE FUNCTION place_order(p_user uuid, p_cart uuid, p_fingerprint text, p_key text, p_request_hash text,
  p jsonb, p_traceparent text, OUT outcome text, OUT order_id uuid, OUT number text, OUT placed_at text)
LANGUAGE plpgsql AS $$
DECLARE
  cart carts;
  known idempotency_keys;
  offers record;
  made orders;
  codes text[] := ARRAY(SELECT jsonb_array_elements_text(p -> 'promotion_codes'));
  rules jsonb;
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
  IF cardinality(codes) > 0 THEN
    rules := promotion_rules(p_cart, cart.currency, codes, p ->> 'email');
    offers.fingerprint := offers.fingerprint || rules::text;
  END IF;
  IF offers.fingerprint IS DISTINCT FROM p_fingerprint OR offers.fingerprint IS NULL
    OR jsonb_path_exists(rules, '$[*] ? (@.refusal != null)') THEN
    outcome := 'changed';
    RETURN;
  END IF;
  INSERT INTO orders (id, number, cart_id, user_id, email, name, currency, subtotal_minor, discount_minor,
    shipping_minor, tax_minor, shipping_tax_minor, total_minor, discounts, promotion_codes, shipping_method,
    shipping_label, tax_label, shipping_address, payment_token)
  VALUES (uuid_v7(), order_number(nextval('order_numbers')), p_cart, p_user, p ->> 'email', p ->> 'name',
    cart.currency, offers.subtotal_minor, (p ->> 'discount_minor')::bigint, (p ->> 'shipping_minor')::bigint,
    (p ->> 'tax_minor')::bigint, (p ->> 'shipping_tax_minor')::bigint, (p ->> 'total_minor')::bigint, p -> 'discounts',
    codes, p ->> 'shipping_method', p ->> 'shipping_label', p ->> 'tax_label', p -> 'shipping_address',
    p ->> 'payment_token')
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
  IF cardinality(codes) > 0 THEN
    -- Last, since checkouts with the same limited code wait for each other from here on.
    PERFORM redeem_promotions(made.id, codes, made.email);
  END IF;
  outcome := 'placed';
  order_id := made.id;
  number := made.number;
  placed_at := rfc3339(made.placed_at);
END
$$;

-- What a return is worth: what its pieces cost after the discounts on them, with the tax on that; with the last piece
-- that was ordered the shipping goes back, and the tax on it. Counted from what all pieces that are back are worth, so
-- that no cent is lost to rounding however they come. Never more than what is left of the capture.
CREATE OR REPLACE FUNCTION return_value(o orders, p_return uuid) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  paid bigint := o.total_minor - o.shipping_minor - coalesce(o.shipping_tax_minor, 0);
  goods numeric;
  before numeric;
  after numeric;
  is_all boolean;
  value numeric;
BEGIN
  SELECT sum(i.cost), sum(i.cost * i.was_back / i.quantity), sum(i.cost * i.is_back / i.quantity),
    bool_and(i.is_back = i.quantity)
  INTO goods, before, after, is_all
  FROM (
    SELECT i.quantity, (i.unit_price_minor * i.quantity - coalesce(d.discount_minor, 0))::numeric AS cost,
      coalesce(g.returned, 0) AS was_back, coalesce(g.returned, 0) + coalesce(l.quantity, 0) AS is_back
    FROM order_items i
    LEFT JOIN order_line_discounts d ON d.order_id = i.order_id AND d.position = i.position
    LEFT JOIN order_returned_pieces g ON g.order_id = o.id AND g.sku = i.sku
    LEFT JOIN order_return_lines l ON l.return_id = p_return AND l.sku = i.sku
    WHERE i.order_id = o.id
  ) AS i;
  -- A third of a cent is not exact; what is off by less than a millionth is.
  value := CASE WHEN is_all THEN o.total_minor ELSE coalesce(floor(round(after * paid / nullif(goods, 0), 6)), 0) END
    - coalesce(floor(round(before * paid / nullif(goods, 0), 6)), 0);
  RETURN least(o.captured_minor - o.refund_minor, value)::bigint;
END
$$;
