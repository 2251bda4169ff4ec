-- Promotion codes: what merchants define, and who used them. The limits hold whatever happens at once: each use is a
-- row, a trigger counts the rows of codes that have a limit, and a constraint compares.

ALTER TABLE sellable ADD COLUMN category text;

-- What a code gives stays as it was made: shoppers have read it. The rest can be changed.
CREATE TABLE promotions (
  code text PRIMARY KEY CONSTRAINT promotions_code CHECK (code ~ '^[A-Z0-9_-]{1,40}$'),
  label text NOT NULL CHECK (length(label) BETWEEN 1 AND 120),
  -- {kind, ...}: percentage {basis_points}, fixed_amount {amount}, buy_x_get_y {buy, get}, free_shipping
  benefit jsonb NOT NULL CONSTRAINT promotions_benefit CHECK (CASE benefit ->> 'kind'
    WHEN 'percentage' THEN (benefit ->> 'basis_points')::int BETWEEN 1 AND 10000
    WHEN 'fixed_amount' THEN (benefit -> 'amount' ->> 'amount_minor')::bigint > 0
    WHEN 'buy_x_get_y' THEN (benefit ->> 'buy')::int BETWEEN 1 AND 100 AND (benefit ->> 'get')::int BETWEEN 1 AND 100
    ELSE benefit ->> 'kind' = 'free_shipping' END IS TRUE),
  -- Null where no amount is compared: the code then counts in any currency.
  currency currency_code,
  min_subtotal_minor minor_amount NOT NULL DEFAULT 0,
  -- Both empty: all goods count. Otherwise those of one of these SKUs or categories.
  skus text[] NOT NULL DEFAULT '{}',
  categories text[] NOT NULL DEFAULT '{}',
  combinable boolean NOT NULL DEFAULT false,
  valid_from timestamptz,
  valid_until timestamptz,
  active boolean NOT NULL DEFAULT true,
  max_uses int CHECK (max_uses > 0),
  max_uses_per_shopper int CHECK (max_uses_per_shopper BETWEEN 1 AND 100),
  -- Counted while there is a limit: without one, checkouts that use the same code do not wait for each other.
  used int NOT NULL DEFAULT 0 CHECK (used >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT promotions_within_limit CHECK (max_uses IS NULL OR used <= max_uses),
  CONSTRAINT promotions_period CHECK (valid_from < valid_until),
  CONSTRAINT promotions_currency CHECK (currency IS NOT NULL
    OR benefit ->> 'kind' <> 'fixed_amount' AND min_subtotal_minor = 0)
);
CREATE INDEX promotions_created_at ON promotions (created_at DESC, code);

-- A use of a code by an order. `shopper` is a digest of the e-mail address, so that a guest counts as one shopper.
CREATE TABLE promotion_redemptions (
  order_id uuid NOT NULL REFERENCES orders,
  code text NOT NULL REFERENCES promotions,
  shopper text NOT NULL,
  -- Which of one shopper's uses this is; null where their number is not limited.
  nth int CHECK (nth BETWEEN 1 AND 100),
  redeemed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (order_id, code)
);
CREATE UNIQUE INDEX promotion_redemptions_per_shopper ON promotion_redemptions (code, shopper, nth);

-- Runs after the check of the foreign key, which waits for a change of the code's limit that is under way.
CREATE FUNCTION count_redemption() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE promotions SET used = used + 1 WHERE code = NEW.code AND max_uses IS NOT NULL;
  ELSE
    UPDATE promotions SET used = used - 1 WHERE code = OLD.code AND max_uses IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER promotion_redemptions_count AFTER INSERT OR DELETE ON promotion_redemptions
FOR EACH ROW EXECUTE FUNCTION count_redemption();

CREATE FUNCTION shopper_digest(p_email text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(sha256(convert_to(lower(p_email), 'UTF8')), 'hex')
$$;

-- What is to be known about the codes that a shopper asked for, in that order: [{code, refusal, rule}], one of the two
-- null. The shopper's address is not known yet while a guest asks for a quote.
CREATE FUNCTION promotion_rules(p_cart uuid, p_currency text, p_codes text[], p_email text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  rules jsonb;
BEGIN
  SELECT jsonb_agg(jsonb_build_object('code', asked.code, 'refusal', asked.refusal, 'rule',
    CASE WHEN asked.refusal IS NULL THEN (asked.benefit - 'amount') || jsonb_build_object(
      'code', asked.code, 'label', asked.label, 'min_subtotal_minor', asked.min_subtotal_minor,
      'amount_minor', asked.benefit -> 'amount' -> 'amount_minor', 'combinable', asked.combinable,
      'skus', CASE WHEN cardinality(asked.skus) + cardinality(asked.categories) > 0 THEN (
        SELECT coalesce(jsonb_agg(i.sku ORDER BY i.sku), '[]') FROM cart_items i JOIN sellable s ON s.sku = i.sku
        WHERE i.cart_id = p_cart AND (i.sku = ANY (asked.skus) OR s.category = ANY (asked.categories))) END
    ) END) ORDER BY asked.position)
  INTO rules
  FROM (
    SELECT given.code, given.position, q.benefit, q.label, q.min_subtotal_minor, q.combinable, q.skus, q.categories,
      CASE
        WHEN q.code IS NULL THEN 'unknown'
        WHEN q.valid_from > now() THEN 'not_yet'
        WHEN q.valid_until <= now() OR NOT q.active THEN 'ended'
        WHEN q.used >= q.max_uses THEN 'used_up'
        WHEN q.currency <> p_currency THEN 'other_currency'
        WHEN q.max_uses_per_shopper <= (SELECT count(*) FROM promotion_redemptions r
          WHERE r.code = q.code AND r.shopper = shopper_digest(p_email)) THEN 'used_by_shopper'
      END AS refusal
    FROM unnest(p_codes) WITH ORDINALITY AS given (code, position) LEFT JOIN promotions q ON q.code = given.code
  ) AS asked;
  RETURN rules;
END
$$;

-- Counts the codes as used by an order that was just made. Codes are taken in one order, so that two orders with the
-- same codes never wait for each other in a circle.
CREATE FUNCTION redeem_promotions(p_order uuid, p_codes text[], p_email text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO promotion_redemptions (order_id, code, shopper, nth)
  SELECT p_order, q.code, shopper_digest(p_email),
    -- With none left it is the last one, which is taken: the constraint says so.
    coalesce((SELECT min(n) FROM generate_series(1, q.max_uses_per_shopper) AS n WHERE NOT EXISTS (
      SELECT FROM promotion_redemptions r
      WHERE r.code = q.code AND r.shopper = shopper_digest(p_email) AND r.nth = n)), q.max_uses_per_shopper)
  FROM promotions q WHERE q.code = ANY (p_codes) ORDER BY q.code;
END
$$;

-- Gives the uses back of orders that ended before anything was paid.
CREATE FUNCTION release_promotions(p_orders uuid[]) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  PERFORM 1 FROM promotions
  WHERE code IN (SELECT r.code FROM promotion_redemptions r WHERE r.order_id = ANY (p_orders))
  ORDER BY code FOR NO KEY UPDATE;
  IF FOUND THEN
    DELETE FROM promotion_redemptions WHERE order_id = ANY (p_orders);
  END IF;
END
$$;

-- A code as merchants see it.
CREATE FUNCTION promotion_view(q promotions) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object('code', q.code, 'label', q.label, 'benefit', q.benefit,
    'min_subtotal', CASE WHEN q.min_subtotal_minor > 0 THEN money(q.min_subtotal_minor, q.currency) END,
    'skus', q.skus, 'categories', q.categories, 'combinable', q.combinable,
    'valid_from', rfc3339(q.valid_from), 'valid_until', rfc3339(q.valid_until), 'active', q.active,
    'max_uses', q.max_uses, 'max_uses_per_shopper', q.max_uses_per_shopper,
    'used', CASE WHEN q.max_uses IS NOT NULL THEN q.used
      ELSE (SELECT count(*) FROM promotion_redemptions r WHERE r.code = q.code) END,
    'created_at', rfc3339(q.created_at));
END
$$;

-- Makes a code of {code, label, benefit, min_subtotal, skus, categories, combinable, valid_from, valid_until, active,
-- max_uses, max_uses_per_shopper}. Outcomes: ok, taken.
CREATE FUNCTION promotion_create(p jsonb, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  made promotions;
BEGIN
  INSERT INTO promotions (code, label, benefit, currency, min_subtotal_minor, skus, categories, combinable, valid_from,
    valid_until, active, max_uses, max_uses_per_shopper)
  VALUES (p ->> 'code', p ->> 'label', p -> 'benefit',
    coalesce(p -> 'benefit' -> 'amount' ->> 'currency', p -> 'min_subtotal' ->> 'currency'),
    coalesce((p -> 'min_subtotal' ->> 'amount_minor')::bigint, 0),
    ARRAY(SELECT jsonb_array_elements_text(p -> 'skus')), ARRAY(SELECT jsonb_array_elements_text(p -> 'categories')),
    (p ->> 'combinable')::boolean, (p ->> 'valid_from')::timestamptz, (p ->> 'valid_until')::timestamptz,
    (p ->> 'active')::boolean, (p ->> 'max_uses')::int, (p ->> 'max_uses_per_shopper')::int)
  ON CONFLICT (code) DO NOTHING
  RETURNING * INTO made;
  outcome := CASE WHEN made.code IS NULL THEN 'taken' ELSE 'ok' END;
  body := CASE WHEN made.code IS NOT NULL THEN promotion_view(made) END;
END
$$;

-- Changes the members that `p` has. A limit that is new counts what was used before. Outcomes: ok, not_found.
CREATE FUNCTION promotion_change(p_code text, p jsonb, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  q promotions;
BEGIN
  -- The strongest lock: it waits for every use that is just being made, and those to come wait for it.
  SELECT * INTO q FROM promotions WHERE code = p_code FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'not_found';
    RETURN;
  END IF;
  UPDATE promotions SET
    label = coalesce(p ->> 'label', label), active = coalesce((p ->> 'active')::boolean, active),
    valid_from = CASE WHEN p ? 'valid_from' THEN (p ->> 'valid_from')::timestamptz ELSE valid_from END,
    valid_until = CASE WHEN p ? 'valid_until' THEN (p ->> 'valid_until')::timestamptz ELSE valid_until END,
    max_uses = CASE WHEN p ? 'max_uses' THEN (p ->> 'max_uses')::int ELSE max_uses END,
    max_uses_per_shopper = CASE WHEN p ? 'max_uses_per_shopper' THEN (p ->> 'max_uses_per_shopper')::int
      ELSE max_uses_per_shopper END,
    used = (SELECT count(*) FROM promotion_redemptions r WHERE r.code = p_code)
  WHERE code = p_code RETURNING * INTO q;
  outcome := 'ok';
  body := promotion_view(q);
END
$$;

-- A page of codes, newest first, from below (`p_before`, `p_code`) on. `next` is where to go on: [created_at, code].
CREATE FUNCTION promotion_page(p_before timestamptz, p_code text, p_limit int, OUT items jsonb, OUT next jsonb)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT
    coalesce(jsonb_agg(promotion_view(page.q) ORDER BY page.n) FILTER (WHERE page.n <= p_limit), '[]'),
    CASE WHEN count(*) > p_limit THEN
      (array_agg(jsonb_build_array((page.q).created_at, (page.q).code)) FILTER (WHERE page.n = p_limit))[1] END
  INTO items, next
  FROM (
    SELECT q, row_number() OVER (ORDER BY q.created_at DESC, q.code) AS n FROM promotions q
    WHERE p_before IS NULL OR q.created_at < p_before OR q.created_at = p_before AND q.code > p_code
    ORDER BY q.created_at DESC, q.code LIMIT p_limit + 1
  ) AS page;
END
$$;

-- checkout_load with the promotion codes asked for (`p_codes`, null for none), for the shopper with that address. A
-- quote also depends on their rules, so those are a part of the fingerprint.
DROP FUNCTION checkout_load(uuid, text);
CREATE FUNCTION checkout_load(p_user uuid, p_key text, p_codes text[] DEFAULT NULL, p_email text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  known idempotency_keys;
  cart carts;
  offers record;
  rules jsonb;
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
  IF cardinality(p_codes) > 0 THEN
    rules := promotion_rules(cart.id, cart.currency, p_codes, p_email);
    RETURN jsonb_build_object('cart', jsonb_build_object('id', cart.id, 'currency', cart.currency,
      'fingerprint', offers.fingerprint || rules::text, 'lines', coalesce(offers.lines, '[]'), 'promotions', rules));
  END IF;
  RETURN jsonb_build_object('cart', jsonb_build_object('id', cart.id, 'currency', cart.currency,
    'fingerprint', offers.fingerprint, 'lines', coalesce(offers.lines, '[]')));
END
$$;

-- place_order of V4, which now also compares the rules of the promotion codes, takes none that is refused, and counts
-- their use. Should somebody be
-- faster with the last use of a code, a constraint (promotions_within_limit, promotion_redemptions_per_shopper) stops
-- the statement, and nothing is written.
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
    shipping_minor, tax_minor, total_minor, discounts, promotion_codes, shipping_method, shipping_label, tax_label,
    shipping_address, payment_token)
  VALUES (uuid_v7(), order_number(nextval('order_numbers')), p_cart, p_user, p ->> 'email', p ->> 'name',
    cart.currency, offers.subtotal_minor, (p ->> 'discount_minor')::bigint, (p ->> 'shipping_minor')::bigint,
    (p ->> 'tax_minor')::bigint, (p ->> 'total_minor')::bigint, p -> 'discounts',
    codes, p ->> 'shipping_method', p ->> 'shipping_label',
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

-- Keeps the offers as the newest version of each product has them. Older versions change nothing, whenever they come.
CREATE OR REPLACE FUNCTION on_products(fresh jsonb) RETURNS void
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
  INSERT INTO sellable (sku, product_id, slug, title, image_url, price_minor, currency, grams, active, category)
  SELECT DISTINCT ON (v.value ->> 'sku')
    v.value ->> 'sku', (p.value ->> 'product_id')::uuid, p.value ->> 'slug',
    concat_ws(', ', p.value ->> 'title', nullif(v.value ->> 'title', '')), p.value ->> 'image_url',
    (v.value -> 'price' ->> 'amount_minor')::bigint, v.value -> 'price' ->> 'currency',
    coalesce((v.value ->> 'grams')::int, 0), p.value ->> 'status' = 'active', p.value ->> 'category'
  FROM jsonb_array_elements(news) AS p, jsonb_array_elements(p.value -> 'variants') AS v
  ORDER BY v.value ->> 'sku'
  ON CONFLICT (sku) DO UPDATE SET product_id = excluded.product_id, slug = excluded.slug, title = excluded.title,
    image_url = excluded.image_url, price_minor = excluded.price_minor, currency = excluded.currency,
    grams = excluded.grams, active = excluded.active, category = excluded.category;
  UPDATE sellable s SET active = false
  FROM jsonb_array_elements(news) AS p
  WHERE s.product_id = (p.value ->> 'product_id')::uuid AND s.active
    AND NOT coalesce(p.value -> 'variants' @> jsonb_build_array(jsonb_build_object('sku', s.sku)), false);
END
$$;
