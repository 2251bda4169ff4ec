-- Stock, reservations and the stock ledger. What must never happen is a constraint here; the functions that move
-- stock are in V2 (orders) and V3 (merchants).

-- One row per SKU and place. `received` is all that came in and has not been written off; it is always the sum of
-- what can be sold, what is promised to an order that is not paid yet, and what is sold.
CREATE TABLE stock (
  sku text COLLATE "C" NOT NULL CONSTRAINT stock_sku_shape CHECK (sku ~ '^[A-Za-z0-9._-]{1,64}$'),
  location text COLLATE "C" NOT NULL DEFAULT 'main' CHECK (location ~ '^[a-z0-9-]{1,32}$'),
  received bigint NOT NULL DEFAULT 0 CONSTRAINT stock_received_in_range CHECK (received BETWEEN 0 AND 1000000000),
  available bigint NOT NULL DEFAULT 0 CONSTRAINT stock_available_not_negative CHECK (available >= 0),
  reserved bigint NOT NULL DEFAULT 0 CONSTRAINT stock_reserved_not_negative CHECK (reserved >= 0),
  committed bigint NOT NULL DEFAULT 0 CONSTRAINT stock_committed_not_negative CHECK (committed >= 0),
  PRIMARY KEY (sku, location),
  CONSTRAINT stock_conserved CHECK (received = available + reserved + committed)
) WITH (fillfactor = 50); -- hot rows: room on the page lets an update stay off the index

-- What became of an order's stock. A row also stands for an order that was refused, or that was cancelled before it
-- was placed here (events of one order may overtake each other between replicas), so that a late event finds it.
CREATE TABLE reservations (
  order_id uuid PRIMARY KEY,
  order_number text,
  status text NOT NULL CHECK (status IN ('active', 'committed', 'released', 'rejected')),
  release_reason text CHECK (release_reason IN ('cancelled', 'expired')),
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT reservations_released_for_a_reason CHECK ((status = 'released') = (release_reason IS NOT NULL)),
  CONSTRAINT reservations_active_expire CHECK ((status = 'active') = (expires_at IS NOT NULL))
) WITH (fillfactor = 70);
CREATE INDEX reservations_expiry ON reservations (expires_at) WHERE status = 'active';
CREATE INDEX reservations_by_status ON reservations (status, order_id);

-- What an order holds, held, or (when committed) was sold. Kept after a release: a payment that arrives after the
-- reservation expired reserves the same lines again.
CREATE TABLE reservation_lines (
  order_id uuid NOT NULL REFERENCES reservations,
  sku text COLLATE "C" NOT NULL,
  location text COLLATE "C" NOT NULL DEFAULT 'main',
  quantity bigint NOT NULL CONSTRAINT reservation_lines_quantity_positive CHECK (quantity > 0),
  PRIMARY KEY (order_id, sku, location),
  FOREIGN KEY (sku, location) REFERENCES stock
);

-- Every movement of stock, in order, with what it left behind. What was there before is `after` minus `delta`.
CREATE TABLE stock_ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku text COLLATE "C" NOT NULL,
  location text COLLATE "C" NOT NULL DEFAULT 'main',
  movement text NOT NULL CHECK (movement IN
    ('opened', 'received', 'adjusted', 'reserved', 'committed', 'released', 'sold_late', 'returned')),
  delta_available bigint NOT NULL,
  delta_reserved bigint NOT NULL,
  delta_committed bigint NOT NULL,
  available_after bigint NOT NULL CHECK (available_after >= 0),
  reserved_after bigint NOT NULL CHECK (reserved_after >= 0),
  committed_after bigint NOT NULL CHECK (committed_after >= 0),
  reason text NOT NULL,
  order_id uuid,
  actor uuid,
  at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stock_ledger_has_a_cause CHECK ((order_id IS NULL) <> (actor IS NULL))
);
CREATE INDEX stock_ledger_by_sku ON stock_ledger (sku, location, id);

CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the stock ledger is append-only: correct a mistake with a new entry';
END
$$;
CREATE TRIGGER stock_ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_ledger
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- Answers already given to requests that carried an Idempotency-Key, so that a retry changes nothing.
CREATE TABLE stock_requests (
  actor uuid NOT NULL,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  request jsonb NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, idempotency_key)
);
CREATE INDEX stock_requests_created_at ON stock_requests (created_at);

-- Everything that must hold between these tables and cannot be a constraint. No row means all is well.
CREATE FUNCTION stock_violations() RETURNS TABLE (invariant text, sku text, detail text)
LANGUAGE sql STABLE AS $$
  WITH held AS (
    SELECT l.sku, l.location,
           coalesce(sum(l.quantity) FILTER (WHERE r.status = 'active'), 0) AS reserved,
           coalesce(sum(l.quantity) FILTER (WHERE r.status = 'committed'), 0) AS committed
    FROM reservation_lines l JOIN reservations r USING (order_id)
    GROUP BY l.sku, l.location
  ), booked AS (
    SELECT g.sku, g.location, sum(g.delta_available) AS available, sum(g.delta_reserved) AS reserved,
           sum(g.delta_committed) AS committed
    FROM stock_ledger g GROUP BY g.sku, g.location
  )
  SELECT 'stock is conserved', s.sku, format('received %s, available %s, reserved %s, committed %s',
         s.received, s.available, s.reserved, s.committed)
  FROM stock s
  WHERE s.received <> s.available + s.reserved + s.committed OR least(s.available, s.reserved, s.committed) < 0
  UNION ALL
  SELECT 'live reservations add up to reserved', s.sku, format('reserved %s, reservations hold %s',
         s.reserved, coalesce(h.reserved, 0))
  FROM stock s LEFT JOIN held h USING (sku, location) WHERE s.reserved <> coalesce(h.reserved, 0)
  UNION ALL
  SELECT 'committed reservations add up to committed', s.sku, format('committed %s, reservations say %s',
         s.committed, coalesce(h.committed, 0))
  FROM stock s LEFT JOIN held h USING (sku, location) WHERE s.committed <> coalesce(h.committed, 0)
  UNION ALL
  SELECT 'the ledger adds up to the stock', s.sku, format('stock %s/%s/%s, ledger %s/%s/%s',
         s.available, s.reserved, s.committed, b.available, b.reserved, b.committed)
  FROM stock s LEFT JOIN booked b USING (sku, location)
  WHERE (s.available, s.reserved, s.committed)
        IS DISTINCT FROM (coalesce(b.available, 0), coalesce(b.reserved, 0), coalesce(b.committed, 0))
$$;
