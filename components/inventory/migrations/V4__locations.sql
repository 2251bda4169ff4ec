-- Stock stands in several places. What can be sold of a SKU is what its active locations have together, and that sum is
-- what shoppers and other services are told.
--
-- A SKU's row at `main` is the lock of the SKU: whoever changes its stock anywhere holds that row first, SKUs in order.
-- So sums over its places are exact, and a row that appears at another place is seen by the next one in the queue.

CREATE TABLE locations (
  code text COLLATE "C" PRIMARY KEY CONSTRAINT locations_code_shape CHECK (code ~ '^[a-z0-9-]{1,32}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  priority int NOT NULL DEFAULT 100 CHECK (priority BETWEEN 0 AND 1000000), -- the lowest ships first
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO locations (code, name) VALUES ('main', 'Main');
INSERT INTO locations (code, name) SELECT DISTINCT location, location FROM stock ON CONFLICT DO NOTHING;
CREATE FUNCTION refuse_location_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a location stays: deactivate it instead';
END
$$;
CREATE TRIGGER locations_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF code ON locations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_location_removal();

-- `low_at`: at how many pieces on sale the SKU counts as low; null: the shop's default. It belongs to the SKU, so it
-- stands in the row that every change of the SKU reads and locks anyway.
ALTER TABLE stock
  ADD CONSTRAINT stock_location_fkey FOREIGN KEY (location) REFERENCES locations,
  ADD COLUMN low_at bigint CHECK (low_at BETWEEN 0 AND 1000000),
  ADD CONSTRAINT stock_low_at_of_the_sku CHECK (low_at IS NULL OR location = 'main');
CREATE INDEX stock_by_location ON stock (location, sku) WHERE location <> 'main';

-- One row for each place that ships a part of a line. What came back of it stays on record: `quantity` less `returned`
-- is what the order still has, and `quantity` is what it bought.
ALTER TABLE reservation_lines
  ADD COLUMN returned bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT reservation_lines_returned_in_range CHECK (returned BETWEEN 0 AND quantity);

-- Returns that were applied: the same return announced twice moves nothing twice.
CREATE TABLE returns (
  return_id uuid PRIMARY KEY,
  order_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

-- A transfer is two entries, one at each place, each naming the other: what leaves a place leaves its `received` too.
-- `written_off` is a sold piece that came back and cannot be sold again.
ALTER TABLE stock_ledger
  DROP CONSTRAINT stock_ledger_movement_check,
  ADD CONSTRAINT stock_ledger_movement_check CHECK (movement IN ('opened', 'received', 'adjusted', 'transferred',
    'reserved', 'committed', 'released', 'sold_late', 'returned', 'written_off')),
  ADD COLUMN counterpart text COLLATE "C",
  ADD CONSTRAINT stock_ledger_transfers_name_the_other_place
    CHECK ((movement = 'transferred') = (counterpart IS NOT NULL) AND counterpart <> location);
DROP INDEX stock_ledger_by_sku;
CREATE INDEX stock_ledger_by_sku ON stock_ledger (sku, id); -- read by SKU, newest first, at one place or all

-- Read model of product.changed: what a SKU is called when somebody is told about it.
CREATE TABLE titles (
  sku text COLLATE "C" PRIMARY KEY,
  title text NOT NULL,
  slug text NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Who wants to know when a SKU that is sold out is back. The row is the promise: it ends with the event that keeps it.
CREATE TABLE stock_subscriptions (
  sku text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sku, user_id)
);
CREATE INDEX stock_subscriptions_by_user ON stock_subscriptions (user_id, sku);

-- What can be sold of each SKU.
CREATE VIEW on_sale AS
  SELECT s.sku, coalesce(sum(s.available) FILTER (WHERE l.active), 0)::bigint AS available
  FROM stock s JOIN locations l ON l.code = s.location
  GROUP BY s.sku;

-- Tells the others what became of SKUs, one element of each array for a SKU: stock.changed when the pieces on sale
-- changed, stock.low when they fell to or below the SKU's threshold, and when there are some again after none,
-- stock.back_in_stock to each who asked, whose wish ends with it. `places` says where the pieces went from or came to.
-- Called with the SKUs locked. Returns the number of events.
CREATE FUNCTION tell_stock(
  skus text[], before bigint[], after bigint[], places text[], low_at bigint[], traceparents text[], default_low bigint
) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  emitted int;
  back int;
BEGIN
  WITH change AS (
    SELECT c.*, coalesce(c.low, default_low) AS threshold
    FROM unnest(skus, before, after, places, low_at, traceparents) WITH ORDINALITY
         AS c (sku, was, available, place, low, traceparent, n)
    WHERE c.available <> c.was
  )
  INSERT INTO outbox (stream, event)
  SELECT 'souk:inventory', jsonb_build_object('id', uuid_v7(), 'type', e.type, 'version', 1, 'key', e.sku,
         'occurred_at', rfc3339(clock_timestamp()), 'traceparent', e.traceparent, 'data', e.data)
  FROM (
    SELECT 0 AS step, n, 'stock.changed' AS type, sku, traceparent,
           jsonb_build_object('sku', sku, 'available', available) AS data
    FROM change
    UNION ALL
    SELECT 1, n, 'stock.low', sku, traceparent,
           jsonb_build_object('sku', sku, 'location', place, 'available', available, 'threshold', threshold)
    FROM change WHERE was > threshold AND available <= threshold
  ) AS e ORDER BY e.step, e.n;
  GET DIAGNOSTICS emitted = ROW_COUNT;

  IF 0 = ANY (before) THEN
    WITH returned AS (
      SELECT c.* FROM unnest(skus, before, after, traceparents) AS c (sku, was, available, traceparent)
      WHERE c.was = 0 AND c.available > 0
    ), due AS (
      SELECT s.sku, s.user_id FROM stock_subscriptions s WHERE s.sku IN (SELECT r.sku FROM returned r)
      ORDER BY s.sku, s.user_id FOR UPDATE
    ), ended AS (
      DELETE FROM stock_subscriptions s USING due d WHERE s.sku = d.sku AND s.user_id = d.user_id RETURNING s.*
    )
    INSERT INTO outbox (stream, event)
    SELECT 'souk:inventory', jsonb_build_object('id', uuid_v7(), 'type', 'stock.back_in_stock', 'version', 1,
           'key', e.sku, 'occurred_at', rfc3339(clock_timestamp()), 'traceparent', r.traceparent, 'data',
           jsonb_build_object('sku', e.sku, 'title', coalesce(t.title, e.sku), 'slug', coalesce(t.slug, ''), 'user_id', e.user_id,
                              'email', e.email, 'name', e.name, 'available', r.available))
    FROM ended e JOIN returned r USING (sku) LEFT JOIN titles t USING (sku)
    ORDER BY e.sku, e.created_at, e.user_id;
    GET DIAGNOSTICS back = ROW_COUNT;
    emitted := emitted + back;
  END IF;
  RETURN emitted;
END
$$;

-- As in V1, with what came back.
CREATE OR REPLACE FUNCTION stock_violations() RETURNS TABLE (invariant text, sku text, detail text)
LANGUAGE sql STABLE AS $$
  WITH held AS (
    SELECT l.sku, l.location,
           coalesce(sum(l.quantity) FILTER (WHERE r.status = 'active'), 0) AS reserved,
           coalesce(sum(l.quantity - l.returned) FILTER (WHERE r.status = 'committed'), 0) AS committed
    FROM reservation_lines l JOIN reservations r USING (order_id)
    GROUP BY l.sku, l.location
  ), booked AS (
    SELECT g.sku, g.location, sum(g.delta_available) AS available, sum(g.delta_reserved) AS reserved,
           sum(g.delta_committed) AS committed
    FROM stock_ledger g GROUP BY g.sku, g.location
  ), moved AS (
    SELECT g.sku, sum(g.delta_available) AS pieces
    FROM stock_ledger g WHERE g.movement = 'transferred' GROUP BY g.sku
  )
  SELECT 'stock is conserved', s.sku, format('%s: received %s, available %s, reserved %s, committed %s',
         s.location, s.received, s.available, s.reserved, s.committed)
  FROM stock s
  WHERE s.received <> s.available + s.reserved + s.committed OR least(s.available, s.reserved, s.committed) < 0
  UNION ALL
  SELECT 'live reservations add up to reserved', s.sku, format('%s: reserved %s, reservations hold %s',
         s.location, s.reserved, coalesce(h.reserved, 0))
  FROM stock s LEFT JOIN held h USING (sku, location) WHERE s.reserved <> coalesce(h.reserved, 0)
  UNION ALL
  SELECT 'committed reservations less returns add up to committed', s.sku, format('%s: committed %s, reservations say %s',
         s.location, s.committed, coalesce(h.committed, 0))
  FROM stock s LEFT JOIN held h USING (sku, location) WHERE s.committed <> coalesce(h.committed, 0)
  UNION ALL
  SELECT 'the ledger adds up to the stock', s.sku, format('%s: stock %s/%s/%s, ledger %s/%s/%s',
         s.location, s.available, s.reserved, s.committed, b.available, b.reserved, b.committed)
  FROM stock s LEFT JOIN booked b USING (sku, location)
  WHERE (s.available, s.reserved, s.committed)
        IS DISTINCT FROM (coalesce(b.available, 0), coalesce(b.reserved, 0), coalesce(b.committed, 0))
  UNION ALL
  SELECT 'transfers neither make nor lose pieces', m.sku, format('transfers add up to %s', m.pieces)
  FROM moved m WHERE m.pieces <> 0
$$;
