-- Everybody's orders, for those who run the shop, and the parts of earlier functions that returns and refunds concern.

-- The orders that are through with stock and payment, by what they are now. Their own rows have no index on the status,
-- so that the updates of the checkout process touch none; orders in that process are those with a timer.
CREATE TABLE order_states (
  status order_status NOT NULL,
  order_id uuid NOT NULL,
  PRIMARY KEY (status, order_id)
);
INSERT INTO order_states SELECT status, id FROM orders WHERE status NOT IN ('placed', 'reserved');

CREATE FUNCTION keep_order_state() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status NOT IN ('placed', 'reserved') THEN
    DELETE FROM order_states WHERE status = OLD.status AND order_id = OLD.id;
  END IF;
  INSERT INTO order_states (status, order_id) VALUES (NEW.status, NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER orders_keep_state AFTER UPDATE ON orders FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND NEW.status <> 'reserved')
  EXECUTE FUNCTION keep_order_state();

-- For finding orders by the beginning of an address. Addresses change only when an account is erased.
CREATE INDEX orders_email ON orders (email text_pattern_ops);

-- The smallest and the largest id that an order made at that moment can have: they begin with the time.
CREATE FUNCTION id_at(at timestamptz, filling text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat(filling, 20))::uuid
$$;

-- A page of everybody's orders. `p_status`, `p_from`, `p_until`, `p_number` (exact) and `p_email` (its beginning) may be
-- null; `p_after` is the id to go on from. Each filter that is given narrows the search by an index.
CREATE FUNCTION all_orders(p_status text, p_from timestamptz, p_until timestamptz, p_number text, p_email text,
  p_oldest_first boolean, p_after uuid, p_limit int, OUT items jsonb, OUT next uuid)
LANGUAGE plpgsql STABLE AS $$
DECLARE
  source text := CASE
    WHEN p_number IS NOT NULL OR p_email IS NOT NULL OR p_status IS NULL THEN 'orders o'
    WHEN p_status IN ('placed', 'reserved') THEN
      '(SELECT DISTINCT order_id FROM order_timers) AS t JOIN orders o ON o.id = t.order_id'
    ELSE 'order_states t JOIN orders o ON o.id = t.order_id' END;
  id text := CASE WHEN source = 'orders o' THEN 'o.id' ELSE 't.order_id' END;
  direction text := CASE WHEN p_oldest_first THEN 'ASC' ELSE 'DESC' END;
  conditions text := concat_ws(' AND ', 'true',
    CASE WHEN p_status IS NOT NULL THEN 'o.status = $1' END,
    CASE WHEN source LIKE 'order_states%' THEN 't.status = $1' END,
    CASE WHEN p_from IS NOT NULL THEN format('o.placed_at >= $2 AND %s >= id_at($2, ''0'')', id) END,
    -- An id is drawn a moment after the order's time was taken.
    CASE WHEN p_until IS NOT NULL THEN format('o.placed_at < $3 AND %s < id_at($3 + interval ''1 minute'', ''f'')', id) END,
    CASE WHEN p_number IS NOT NULL THEN 'o.number = $4' END,
    CASE WHEN p_email IS NOT NULL THEN 'o.email ~>=~ $5 AND o.email ~<~ ($5 || chr(127))' END,
    CASE WHEN p_after IS NOT NULL THEN format('%s %s $6', id, CASE WHEN p_oldest_first THEN '>' ELSE '<' END) END);
BEGIN
  EXECUTE format($query$
    SELECT
      coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number, 'status', o.status,
        'placed_at', rfc3339(o.placed_at), 'total', money(o.total_minor, o.currency),
        'refunded', money(o.refunded_minor, o.currency), 'user_id', o.user_id, 'email', o.email, 'name', o.name,
        'pieces', (SELECT sum(i.quantity) FROM order_items i WHERE i.order_id = o.id),
        'titles', (SELECT jsonb_agg(i.title ORDER BY i.position) FROM order_items i
          WHERE i.order_id = o.id AND i.position <= 3)) ORDER BY o.n) FILTER (WHERE o.n <= $7), '[]'),
      CASE WHEN count(*) > $7 THEN (array_agg(o.id) FILTER (WHERE o.n = $7))[1] END
    FROM (SELECT page.*, row_number() OVER (ORDER BY page.id %3$s) AS n FROM (
      SELECT o.* FROM %1$s WHERE %2$s ORDER BY %4$s %3$s LIMIT $7 + 1) AS page) AS o
  $query$, source, conditions, direction, id)
  INTO items, next USING p_status, p_from, p_until, p_number, p_email, p_after, p_limit;
END
$$;

-- Forgets who the shopper was. What is still waiting for stock or money is called off; what is paid and under way
-- keeps the address that it goes to until it is there.
CREATE OR REPLACE FUNCTION on_user_deleted(fresh jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  users uuid[] := ARRAY(
    SELECT DISTINCT (e.value -> 'data' ->> 'user_id')::uuid
    FROM jsonb_array_elements(fresh) AS e WHERE e.value ->> 'type' = 'user.deleted' ORDER BY 1);
BEGIN
  INSERT INTO erased_users (user_id) SELECT unnest(users) ON CONFLICT DO NOTHING;
  -- Carts first: a checkout that is just being made holds its cart, and its order must be seen below.
  PERFORM 1 FROM carts WHERE user_id = ANY (users) ORDER BY id FOR UPDATE;
  DELETE FROM carts WHERE user_id = ANY (users);
  PERFORM 1 FROM orders WHERE user_id = ANY (users) ORDER BY id FOR NO KEY UPDATE;
  PERFORM cancel_orders(ARRAY(
    SELECT ROW(id, 'by_shopper', 'The account was deleted.', NULL)::cancellation
    FROM orders WHERE user_id = ANY (users) AND status IN ('placed', 'reserved')), ARRAY['placed', 'reserved']);
  UPDATE orders SET email = 'erased@souk.invalid', name = '', payment_token = NULL,
    shipping_address = CASE WHEN status IN ('confirmed', 'shipped') THEN shipping_address ELSE '{}' END
  WHERE user_id = ANY (users);
  UPDATE order_returns SET reason = '' WHERE order_id IN (SELECT id FROM orders WHERE user_id = ANY (users));
  UPDATE promotion_redemptions SET shopper = order_id::text
  WHERE order_id IN (SELECT id FROM orders WHERE user_id = ANY (users));
  DELETE FROM idempotency_keys WHERE user_id = ANY (users);
END
$$;

-- Applies a batch of event envelopes, each event once. Returns how many were new.
CREATE OR REPLACE FUNCTION apply_events(batch jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  fresh jsonb;
  types text[];
BEGIN
  SELECT jsonb_agg(n.event ORDER BY n.ord), array_agg(DISTINCT n.event ->> 'type')
  INTO fresh, types FROM take_new(batch) AS n;
  IF fresh IS NULL THEN
    RETURN 0;
  END IF;
  IF types && ARRAY['product.changed', 'product.removed'] THEN
    PERFORM on_products(fresh);
  END IF;
  IF 'user.deleted' = ANY (types) THEN
    PERFORM on_user_deleted(fresh);
  END IF;
  PERFORM lock_orders(fresh);
  -- Within a batch the steps run in the order in which one thing leads to another.
  IF 'stock.reserved' = ANY (types) THEN
    PERFORM on_stock_reserved(fresh);
  END IF;
  IF 'stock.rejected' = ANY (types) THEN
    PERFORM on_stock_rejected(fresh);
  END IF;
  IF 'payment.captured' = ANY (types) THEN
    PERFORM on_payment_captured(fresh);
  END IF;
  IF 'payment.declined' = ANY (types) THEN
    PERFORM on_ending(fresh, 'payment.declined', NULL, 'payment_declined', ARRAY['placed', 'reserved']);
  END IF;
  IF 'payment.unknown' = ANY (types) THEN
    PERFORM on_payment_unknown(fresh);
  END IF;
  IF 'stock.released' = ANY (types) THEN
    PERFORM on_ending(fresh, 'stock.released', 'expired', 'stock_expired', ARRAY['placed', 'reserved']);
  END IF;
  IF 'stock.commit_failed' = ANY (types) THEN
    PERFORM on_ending(fresh, 'stock.commit_failed', NULL, 'stock_commit_failed', ARRAY['confirmed']);
  END IF;
  IF 'payment.refunded' = ANY (types) THEN
    PERFORM on_payment_refunded(fresh);
  END IF;
  IF 'payment.refund_failed' = ANY (types) THEN
    PERFORM on_payment_refund_failed(fresh);
  END IF;
  RETURN jsonb_array_length(fresh);
END
$$;
