-- What the order service owns: offers (its read model of the catalogue), carts, orders and their history.
-- The constraints here are the promises that hold whatever the code does.

-- Every statement of this service finds its rows by an index, from the first order on. Without these settings a plan
-- that a session made while a table was small reads all of it, again and again, until statistics notice that it grew.
DO $$
DECLARE
  setting text;
BEGIN
  FOREACH setting IN ARRAY ARRAY['enable_seqscan = off', 'plan_cache_mode = force_generic_plan', 'jit = off'] LOOP
    EXECUTE format('ALTER DATABASE %I SET %s', current_database(), setting);
  END LOOP;
END
$$;

-- Single values are checked by domains: a session prepares a domain's check once, a table's checks at every statement.
CREATE DOMAIN currency_code AS text CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN minor_amount AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN piece_count AS int CHECK (VALUE BETWEEN 1 AND 1000);
CREATE DOMAIN idempotency_key AS text CHECK (length(VALUE) BETWEEN 1 AND 255);
CREATE DOMAIN cart_status AS text CHECK (VALUE IN ('open', 'ordered'));
CREATE DOMAIN order_status AS text CHECK (VALUE IN
  ('placed', 'reserved', 'confirmed', 'shipped', 'delivered', 'rejected', 'cancelled', 'refunded'));
-- What can stand in an order's history: its states, and what happened without a change of state.
CREATE DOMAIN timeline_status AS text CHECK (VALUE IN ('placed', 'reserved', 'payment_unknown', 'paid', 'confirmed',
  'shipped', 'delivered', 'rejected', 'cancelled', 'refund_requested', 'refunded'));

-- The newest version of each product heard of. A removed product keeps its row, so that a late event cannot revive it.
CREATE TABLE products (
  product_id uuid PRIMARY KEY,
  version bigint NOT NULL,
  removed boolean NOT NULL
);

-- What can be put into a cart, and at what price. Rows are never deleted: a SKU that is gone is not active.
-- The price limit keeps the largest possible order (100 lines of 1000 pieces) within what JSON readers hold exactly.
CREATE TABLE sellable (
  sku text PRIMARY KEY CHECK (sku ~ '^[A-Za-z0-9._-]{1,64}$'),
  product_id uuid NOT NULL REFERENCES products,
  slug text NOT NULL,
  title text NOT NULL,
  image_url text,
  price_minor bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 10000000000),
  currency currency_code NOT NULL,
  grams int NOT NULL CHECK (grams BETWEEN 0 AND 10000000),
  active boolean NOT NULL
);
CREATE INDEX sellable_product_id ON sellable (product_id);

CREATE TABLE carts (
  id uuid PRIMARY KEY DEFAULT uuid_v7(),
  user_id uuid NOT NULL,
  status cart_status NOT NULL DEFAULT 'open',
  -- Grows with each change of the lines.
  version bigint NOT NULL DEFAULT 1,
  currency currency_code NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX carts_one_open_per_user ON carts (user_id) WHERE status = 'open';

CREATE TABLE cart_items (
  cart_id uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
  sku text NOT NULL REFERENCES sellable,
  quantity piece_count NOT NULL,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (cart_id, sku)
) WITH (fillfactor = 80);

-- Accounts that were deleted: no new cart for a token that outlived its account.
CREATE TABLE erased_users (
  user_id uuid PRIMARY KEY,
  erased_at timestamptz NOT NULL DEFAULT now()
);

-- What must hold between an order's state and its money, as one check that a session compiles once: three written out
-- in the table are parsed at every statement, which cost each checkout 100 microseconds. A violation carries the name
-- of the broken rule as its constraint.
CREATE FUNCTION order_is_sound(status text, total_minor bigint, currency text, captured_minor bigint,
  captured_currency text, refund_requested_at timestamptz, reason text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  broken text;
BEGIN
  IF status IN ('placed', 'reserved') THEN
    RETURN true;
  END IF;
  broken := CASE
    -- Nothing is confirmed, let alone shipped, without a capture of exactly its total.
    WHEN status IN ('confirmed', 'shipped', 'delivered') THEN
      CASE WHEN (captured_minor, captured_currency) IS DISTINCT FROM (total_minor, currency)
        THEN 'orders_confirmed_is_paid' END
    -- Whatever ended says why.
    WHEN reason IS NULL THEN 'orders_ending_is_explained'
    -- No order that ended without goods keeps money, and nothing is refunded that was not asked for.
    WHEN refund_requested_at IS NULL AND (captured_minor IS NOT NULL OR status = 'refunded') THEN
      'orders_ended_gives_back'
  END;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'an order that is % breaks %', status, broken
      USING ERRCODE = 'check_violation', CONSTRAINT = broken;
  END IF;
  RETURN true;
END
$$;

CREATE SEQUENCE order_numbers AS bigint MINVALUE 0 MAXVALUE 34359738367 CACHE 32;

-- Room is left on each page for the two or three updates that every order sees, and no index covers a column that
-- changes, so that those updates touch no index at all.
CREATE TABLE orders (
  id uuid PRIMARY KEY,
  number text NOT NULL CONSTRAINT orders_number_key UNIQUE,
  -- One cart becomes at most one order.
  cart_id uuid NOT NULL CONSTRAINT orders_cart_id_key UNIQUE,
  user_id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  status order_status NOT NULL DEFAULT 'placed',
  status_at timestamptz NOT NULL DEFAULT now(),
  currency currency_code NOT NULL,
  subtotal_minor minor_amount NOT NULL,
  discount_minor minor_amount NOT NULL,
  shipping_minor minor_amount NOT NULL,
  tax_minor minor_amount NOT NULL,
  total_minor minor_amount NOT NULL,
  discounts jsonb NOT NULL,
  promotion_codes text[] NOT NULL,
  shipping_method text NOT NULL,
  shipping_label text NOT NULL,
  tax_label text NOT NULL,
  shipping_address jsonb NOT NULL,
  -- Kept only until the order is settled.
  payment_token text,
  payment_id uuid,
  captured_minor minor_amount,
  captured_currency currency_code,
  reason text,
  detail text,
  refund_requested_at timestamptz,
  placed_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT orders_total_adds_up CHECK (total_minor = subtotal_minor - discount_minor + shipping_minor + tax_minor
    AND discount_minor <= subtotal_minor),
  CONSTRAINT orders_is_sound CHECK (order_is_sound(status, total_minor, currency, captured_minor, captured_currency,
    refund_requested_at, reason))
) WITH (fillfactor = 55);
CREATE INDEX orders_user_id ON orders (user_id, id);

CREATE TABLE order_items (
  order_id uuid NOT NULL REFERENCES orders,
  position smallint NOT NULL,
  sku text NOT NULL,
  title text NOT NULL,
  quantity piece_count NOT NULL,
  unit_price_minor minor_amount NOT NULL,
  PRIMARY KEY (order_id, position)
);

-- What happened to an order and when; rows are only added, and nothing happens to an order twice.
CREATE TABLE order_timeline (
  order_id uuid NOT NULL REFERENCES orders,
  status timeline_status NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (order_id, status)
);

-- One timer per order. It fires once the order has waited long enough, is armed again if the order has moved on
-- meanwhile to another wait, and goes away when the order is settled.
CREATE TABLE order_timers (
  armed_at timestamptz NOT NULL,
  order_id uuid NOT NULL,
  PRIMARY KEY (armed_at, order_id)
);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  key idempotency_key NOT NULL,
  request_hash text NOT NULL,
  order_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- The legal moves of an order; the same table is in domain/status.rs, and a test compares the two.
CREATE FUNCTION order_may_become(was text, becomes text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (was, becomes) IN (
    ('placed', 'reserved'), ('placed', 'rejected'), ('placed', 'cancelled'),
    ('reserved', 'confirmed'), ('reserved', 'cancelled'),
    ('confirmed', 'shipped'), ('confirmed', 'cancelled'),
    ('shipped', 'delivered'),
    ('rejected', 'refunded'), ('cancelled', 'refunded'))
$$;

CREATE FUNCTION refuse_order_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'order % may not change from % to %', OLD.number, OLD.status, NEW.status
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER orders_legal_move BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND NOT order_may_become(OLD.status, NEW.status))
  EXECUTE FUNCTION refuse_order_change();
CREATE TRIGGER orders_money_is_fixed BEFORE UPDATE ON orders FOR EACH ROW
  WHEN ((OLD.total_minor, OLD.currency, OLD.user_id, OLD.cart_id, OLD.number)
    IS DISTINCT FROM (NEW.total_minor, NEW.currency, NEW.user_id, NEW.cart_id, NEW.number)
    OR OLD.captured_minor IS DISTINCT FROM NEW.captured_minor AND OLD.captured_minor IS NOT NULL)
  EXECUTE FUNCTION refuse_order_change();
