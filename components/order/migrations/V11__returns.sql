-- Returns: a shopper asks to send pieces back, the shop accepts (what can be sold again, and how much money goes back)
-- or declines. No piece comes back twice: a counter per line is compared with what was ordered.

CREATE DOMAIN return_status AS text CHECK (VALUE IN ('requested', 'accepted', 'rejected'));

CREATE TABLE order_returns (
  return_id uuid PRIMARY KEY DEFAULT uuid_v7(),
  order_id uuid NOT NULL REFERENCES orders,
  status return_status NOT NULL DEFAULT 'requested',
  reason text NOT NULL,
  -- What the shop said when it declined.
  answer text,
  refund_minor minor_amount,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz,
  settled_by uuid,
  CONSTRAINT order_returns_settled CHECK ((status = 'requested') = (settled_at IS NULL)),
  CONSTRAINT order_returns_refund CHECK ((status = 'accepted') = (refund_minor IS NOT NULL))
);
CREATE INDEX order_returns_order_id ON order_returns (order_id, requested_at);

CREATE TABLE order_return_lines (
  return_id uuid NOT NULL REFERENCES order_returns,
  sku text NOT NULL,
  quantity piece_count NOT NULL,
  -- Whether the pieces can be sold again; known once the return is accepted.
  restock boolean,
  PRIMARY KEY (return_id, sku)
);

-- How many pieces of a line are in returns that were not declined, and how many of them are back.
CREATE TABLE order_returned_pieces (
  order_id uuid NOT NULL REFERENCES orders,
  sku text NOT NULL,
  ordered int NOT NULL,
  asked int NOT NULL,
  returned int NOT NULL DEFAULT 0,
  PRIMARY KEY (order_id, sku),
  CONSTRAINT order_returned_pieces_add_up CHECK (0 <= returned AND returned <= asked AND asked <= ordered)
);

-- A return as the API shows it.
CREATE FUNCTION return_view(r order_returns, p_currency text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object('id', r.return_id, 'status', r.status, 'reason', r.reason, 'answer', r.answer,
    'requested_at', rfc3339(r.requested_at), 'settled_at', rfc3339(r.settled_at),
    'refund', CASE WHEN r.refund_minor IS NOT NULL THEN money(r.refund_minor, p_currency) END,
    'lines', (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'title', i.title, 'quantity', l.quantity,
        'restock', l.restock) ORDER BY i.position)
      FROM order_return_lines l JOIN order_items i ON i.order_id = r.order_id AND i.sku = l.sku
      WHERE l.return_id = r.return_id));
END
$$;

-- order_view of V2 with what was given back. Before an order is paid there is nothing to look for.
CREATE OR REPLACE FUNCTION order_view(o orders) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  refunds jsonb := '[]';
  returns jsonb := '[]';
BEGIN
  IF o.refund_requested_at IS NOT NULL THEN
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', r.refund_id, 'amount', money(r.amount_minor, r.currency),
      'status', r.status, 'reason', r.reason, 'requested_at', rfc3339(r.requested_at),
      'settled_at', rfc3339(r.settled_at)) ORDER BY r.requested_at, r.refund_id), '[]')
    INTO refunds FROM order_refunds r WHERE r.order_id = o.id;
  END IF;
  IF o.status IN ('delivered', 'returned', 'refunded') THEN
    SELECT coalesce(jsonb_agg(return_view(r, o.currency) ORDER BY r.requested_at, r.return_id), '[]')
    INTO returns FROM order_returns r WHERE r.order_id = o.id;
  END IF;
  RETURN jsonb_build_object(
    'id', o.id, 'number', o.number, 'status', o.status, 'placed_at', rfc3339(o.placed_at),
    'items', (
      SELECT jsonb_agg(jsonb_build_object('sku', i.sku, 'title', i.title, 'quantity', i.quantity,
        'unit_price', money(i.unit_price_minor, o.currency),
        'line_total', money(i.unit_price_minor * i.quantity, o.currency)) ORDER BY i.position)
      FROM order_items i WHERE i.order_id = o.id),
    'subtotal', money(o.subtotal_minor, o.currency), 'discount', money(o.discount_minor, o.currency),
    'shipping', money(o.shipping_minor, o.currency), 'tax', money(o.tax_minor, o.currency),
    'total', money(o.total_minor, o.currency), 'refunded', money(o.refunded_minor, o.currency),
    'discounts', o.discounts, 'promotion_codes', o.promotion_codes, 'shipping_method', o.shipping_method,
    'shipping_label', o.shipping_label, 'tax_label', o.tax_label, 'shipping_address', nullif(o.shipping_address, '{}'),
    'reason', o.reason, 'detail', o.detail,
    'cancellable', o.status IN ('placed', 'reserved', 'confirmed'),
    'refunds', refunds, 'returns', returns,
    'timeline', order_timeline_after(o.id, 0));
END
$$;

-- Asks to send pieces back: `p_lines` is [{sku, quantity}]. Shoppers may within `p_window_days` of the delivery.
-- Outcomes: ok, not_found, not_delivered, too_late, unknown_line, too_many.
CREATE FUNCTION request_return(p_order uuid, p_user uuid, p_staff boolean, p_lines jsonb, p_reason text,
  p_window_days int, p_traceparent text, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  o orders;
  made order_returns;
  lines jsonb;
BEGIN
  SELECT * INTO o FROM orders WHERE id = p_order AND (user_id = p_user OR p_staff) FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    outcome := 'not_found';
    RETURN;
  END IF;
  IF o.status <> 'delivered' THEN
    outcome := 'not_delivered';
    RETURN;
  ELSIF NOT p_staff AND o.status_at < clock_timestamp() - make_interval(days => p_window_days) THEN
    outcome := 'too_late';
    RETURN;
  END IF;
  SELECT CASE WHEN count(i.sku) < count(*) THEN 'unknown_line'
    WHEN bool_or((l.value ->> 'quantity')::int + coalesce(g.asked, 0) > i.quantity) THEN 'too_many' ELSE 'ok' END
  INTO outcome
  FROM jsonb_array_elements(p_lines) AS l
  LEFT JOIN order_items i ON i.order_id = p_order AND i.sku = l.value ->> 'sku'
  LEFT JOIN order_returned_pieces g ON g.order_id = p_order AND g.sku = i.sku;
  IF outcome <> 'ok' THEN
    RETURN;
  END IF;
  INSERT INTO order_returns (order_id, reason) VALUES (p_order, p_reason) RETURNING * INTO made;
  INSERT INTO order_return_lines (return_id, sku, quantity)
  SELECT made.return_id, l.value ->> 'sku', (l.value ->> 'quantity')::int FROM jsonb_array_elements(p_lines) AS l;
  INSERT INTO order_returned_pieces AS g (order_id, sku, ordered, asked)
  SELECT p_order, l.sku, i.quantity, l.quantity
  FROM order_return_lines l JOIN order_items i ON i.order_id = p_order AND i.sku = l.sku
  WHERE l.return_id = made.return_id
  ON CONFLICT (order_id, sku) DO UPDATE SET asked = g.asked + excluded.asked;
  PERFORM note_again(p_order, 'return_requested');
  SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'title', i.title, 'quantity', l.quantity,
    'unit_price', money(i.unit_price_minor, o.currency)) ORDER BY i.position)
  INTO lines FROM order_return_lines l JOIN order_items i ON i.order_id = p_order AND i.sku = l.sku
  WHERE l.return_id = made.return_id;
  PERFORM emit('souk:order', 'order.return_requested', 1, p_order::text, p_traceparent,
    order_summary(o) || jsonb_build_object('return_id', made.return_id, 'lines', lines, 'reason', p_reason));
  SELECT order_view(now_is) INTO body FROM orders now_is WHERE id = p_order;
END
$$;

-- What a return is worth: its share of what the goods cost after discounts, with tax; with the last piece that was
-- ordered the shipping goes back, too. Counted from what all pieces that are back are worth, so that no cent is lost to
-- rounding however they come. Never more than what is left of the capture.
CREATE FUNCTION return_value(o orders, p_return uuid) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  paid bigint := o.total_minor - o.shipping_minor;
  before numeric;
  after numeric;
  is_all boolean;
  value numeric;
BEGIN
  SELECT coalesce(sum(i.unit_price_minor::numeric * g.returned), 0),
    coalesce(sum(i.unit_price_minor::numeric * (coalesce(g.returned, 0) + coalesce(l.quantity, 0))), 0),
    bool_and(coalesce(g.returned, 0) + coalesce(l.quantity, 0) = i.quantity)
  INTO before, after, is_all
  FROM order_items i
  LEFT JOIN order_returned_pieces g ON g.order_id = o.id AND g.sku = i.sku
  LEFT JOIN order_return_lines l ON l.return_id = p_return AND l.sku = i.sku
  WHERE i.order_id = o.id;
  value := CASE WHEN is_all THEN o.total_minor ELSE coalesce(floor(after * paid / nullif(o.subtotal_minor, 0)), 0) END
    - coalesce(floor(before * paid / nullif(o.subtotal_minor, 0)), 0);
  RETURN least(o.captured_minor - o.refund_minor, value)::bigint;
END
$$;

-- Takes a return in: `p_restock` names the SKUs that can be sold again, `p_refund` is what goes back (null: what the
-- return is worth). Accepting again is no error. Outcomes: ok, not_found, settled, unknown_line, over_capture,
-- other_currency.
CREATE FUNCTION accept_return(p_order uuid, p_return uuid, p_restock text[], p_refund bigint, p_currency text,
  p_actor uuid, p_traceparent text, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  o orders;
  r order_returns;
  amount bigint;
  lines jsonb;
BEGIN
  SELECT * INTO o FROM orders WHERE id = p_order FOR NO KEY UPDATE;
  SELECT * INTO r FROM order_returns WHERE return_id = p_return AND order_id = p_order FOR UPDATE;
  outcome := CASE
    WHEN r.return_id IS NULL THEN 'not_found'
    WHEN r.status = 'accepted' THEN 'ok'
    WHEN r.status = 'rejected' THEN 'settled'
    WHEN p_currency <> o.captured_currency THEN 'other_currency'
    WHEN EXISTS (SELECT FROM unnest(p_restock) AS s (sku) WHERE NOT EXISTS (
      SELECT FROM order_return_lines l WHERE l.return_id = p_return AND l.sku = s.sku)) THEN 'unknown_line'
    WHEN p_refund > o.captured_minor - o.refund_minor THEN 'over_capture' END;
  IF outcome = 'over_capture' THEN
    body := money(o.captured_minor - o.refund_minor, o.captured_currency);
    RETURN;
  ELSIF outcome = 'ok' THEN
    body := order_view(o);
    RETURN;
  ELSIF outcome IS NOT NULL THEN
    RETURN;
  END IF;
  amount := coalesce(p_refund, return_value(o, p_return));
  UPDATE order_returns SET status = 'accepted', refund_minor = amount, settled_at = clock_timestamp(), settled_by = p_actor
  WHERE return_id = p_return;
  UPDATE order_return_lines SET restock = sku = ANY (p_restock) WHERE return_id = p_return;
  UPDATE order_returned_pieces g SET returned = g.returned + l.quantity
  FROM order_return_lines l WHERE l.return_id = p_return AND g.order_id = p_order AND g.sku = l.sku;
  IF o.status = 'delivered' AND NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = p_order AND NOT EXISTS (
      SELECT FROM order_returned_pieces g WHERE g.order_id = p_order AND g.sku = i.sku AND g.returned = i.quantity)) THEN
    UPDATE orders SET status = 'returned', status_at = clock_timestamp() WHERE id = p_order;
  END IF;
  PERFORM note_again(p_order, 'returned');
  SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'title', i.title, 'quantity', l.quantity, 'restock', l.restock)
    ORDER BY i.position)
  INTO lines FROM order_return_lines l JOIN order_items i ON i.order_id = p_order AND i.sku = l.sku
  WHERE l.return_id = p_return;
  PERFORM emit('souk:order', 'order.returned', 1, p_order::text, p_traceparent, jsonb_build_object(
    'return_id', p_return, 'order_id', p_order, 'number', o.number, 'user_id', o.user_id, 'email', o.email,
    'name', o.name, 'lines', lines, 'refund', money(amount, o.currency)));
  IF amount > 0 THEN
    PERFORM ask_refunds(ARRAY[ROW(p_order, uuid_v7(), amount, 'returned', NULL, p_actor, NULL, NULL,
      p_traceparent)::refund_wish]);
  END IF;
  outcome := 'ok';
  SELECT order_view(now_is) INTO body FROM orders now_is WHERE id = p_order;
END
$$;

-- Declines a return: its pieces can be asked for again. Declining again is no error. Outcomes: ok, not_found, settled.
CREATE FUNCTION reject_return(p_order uuid, p_return uuid, p_answer text, p_actor uuid, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  r order_returns;
BEGIN
  PERFORM 1 FROM orders WHERE id = p_order FOR NO KEY UPDATE;
  SELECT * INTO r FROM order_returns WHERE return_id = p_return AND order_id = p_order FOR UPDATE;
  outcome := CASE WHEN r.return_id IS NULL THEN 'not_found' WHEN r.status = 'accepted' THEN 'settled' ELSE 'ok' END;
  IF outcome <> 'ok' THEN
    RETURN;
  END IF;
  IF r.status = 'requested' THEN
    UPDATE order_returns SET status = 'rejected', answer = p_answer, settled_at = clock_timestamp(), settled_by = p_actor
    WHERE return_id = p_return;
    UPDATE order_returned_pieces g SET asked = g.asked - l.quantity
    FROM order_return_lines l WHERE l.return_id = p_return AND g.order_id = p_order AND g.sku = l.sku;
    PERFORM note_again(p_order, 'return_rejected');
  END IF;
  SELECT order_view(now_is) INTO body FROM orders now_is WHERE id = p_order;
END
$$;
