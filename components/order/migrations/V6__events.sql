-- The consumer's one statement per batch, and what events of the catalogue and of accounts do.

-- Keeps the offers as the newest version of each product has them. Older versions change nothing, whenever they come.
CREATE FUNCTION on_products(fresh jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  news jsonb;
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (e.value -> 'data' ->> 'product_id')
      (e.value -> 'data' ->> 'product_id')::uuid AS product_id, (e.value -> 'data' ->> 'version')::bigint AS version,
      e.value ->> 'type' = 'product.removed' AS removed, e.value -> 'data' AS data
    FROM jsonb_array_elements(fresh) WITH ORDINALITY AS e
    WHERE e.value ->> 'type' IN ('product.changed', 'product.removed')
    ORDER BY e.value -> 'data' ->> 'product_id', 2 DESC, 3 DESC, e.ordinality DESC
  ), newer AS (
    INSERT INTO products (product_id, version, removed) SELECT product_id, version, removed FROM given ORDER BY 1
    ON CONFLICT (product_id) DO UPDATE SET version = excluded.version, removed = excluded.removed
    WHERE excluded.version > products.version
      OR excluded.version = products.version AND excluded.removed AND NOT products.removed
    RETURNING product_id
  )
  SELECT jsonb_agg(given.data) INTO news FROM given JOIN newer USING (product_id);
  IF news IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO sellable (sku, product_id, slug, title, image_url, price_minor, currency, grams, active)
  SELECT DISTINCT ON (v.value ->> 'sku')
    v.value ->> 'sku', (p.value ->> 'product_id')::uuid, p.value ->> 'slug',
    concat_ws(', ', p.value ->> 'title', nullif(v.value ->> 'title', '')), p.value ->> 'image_url',
    (v.value -> 'price' ->> 'amount_minor')::bigint, v.value -> 'price' ->> 'currency',
    coalesce((v.value ->> 'grams')::int, 0), p.value ->> 'status' = 'active'
  FROM jsonb_array_elements(news) AS p, jsonb_array_elements(p.value -> 'variants') AS v
  ORDER BY v.value ->> 'sku'
  ON CONFLICT (sku) DO UPDATE SET product_id = excluded.product_id, slug = excluded.slug, title = excluded.title,
    image_url = excluded.image_url, price_minor = excluded.price_minor, currency = excluded.currency,
    grams = excluded.grams, active = excluded.active;
  UPDATE sellable s SET active = false
  FROM jsonb_array_elements(news) AS p
  WHERE s.product_id = (p.value ->> 'product_id')::uuid AND s.active
    AND NOT coalesce(p.value -> 'variants' @> jsonb_build_array(jsonb_build_object('sku', s.sku)), false);
END
$$;

-- Forgets who the shopper was. What is still waiting for stock or money is called off; what is paid and under way
-- keeps the address that it goes to until it is there.
CREATE FUNCTION on_user_deleted(fresh jsonb) RETURNS void
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
  DELETE FROM idempotency_keys WHERE user_id = ANY (users);
END
$$;

-- Locks the orders of a batch in the order of their ids, so that two replicas never wait for each other in a circle.
CREATE FUNCTION lock_orders(fresh jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  PERFORM 1 FROM orders
  WHERE id IN (SELECT (e.value -> 'data' ->> 'order_id')::uuid FROM jsonb_array_elements(fresh) AS e)
  ORDER BY id FOR NO KEY UPDATE;
END
$$;

-- Applies a batch of event envelopes, each event once. Returns how many were new.
CREATE FUNCTION apply_events(batch jsonb) RETURNS bigint
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
  RETURN jsonb_array_length(fresh);
END
$$;
