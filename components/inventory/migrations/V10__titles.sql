-- What those who keep the stock read beside a SKU, and find it by.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- `title` goes on to be the whole, as in `Lamp, Green`; of it `product` is what the product is called and `variant` what
-- tells this SKU from its others. What was told before there were these two is all `product`, until it is told again.
ALTER TABLE titles
  ADD COLUMN product text,
  ADD COLUMN variant text NOT NULL DEFAULT '';
UPDATE titles SET product = title;
ALTER TABLE titles ALTER COLUMN product SET NOT NULL;

CREATE INDEX titles_like ON titles USING gin (title gin_trgm_ops);
CREATE INDEX stock_sku_like ON stock USING gin (sku gin_trgm_ops) WHERE location = 'main';

-- Title, variant and slug of a SKU; title and slug are null when the catalogue has not said.
CREATE FUNCTION named(t titles) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('title', t.product, 'variant', coalesce(t.variant, ''), 'slug', t.slug)
$$;

DROP FUNCTION low_stock(bigint, text, bigint, bigint);

-- SKUs of which at most their threshold (or `p_threshold`, for all alike) can be sold, in SKU order. `p_patterns` are
-- LIKE patterns, the most telling first; all of them fit the title, or all of them the SKU. Null: every SKU.
CREATE FUNCTION low_stock(p_patterns text[], p_threshold bigint, p_after text, p_limit bigint, default_low bigint)
RETURNS TABLE (items jsonb, next text)
LANGUAGE sql STABLE AS $$
  WITH fit AS (
    SELECT t.sku FROM titles t WHERE t.title ILIKE p_patterns[1] AND t.title ILIKE ALL (p_patterns)
    UNION
    SELECT s.sku FROM stock s WHERE s.location = 'main' AND s.sku ILIKE p_patterns[1] AND s.sku ILIKE ALL (p_patterns)
  ), found AS (
    SELECT s.sku, coalesce(sum(s.available) FILTER (WHERE l.active), 0)::bigint AS available, sum(s.reserved)::bigint AS reserved,
           sum(s.committed)::bigint AS committed, coalesce(p_threshold, max(s.low_at), default_low) AS threshold,
           max(s.expected_on) FILTER (WHERE s.expected_on >= current_date) AS expected_on,
           row_number() OVER (ORDER BY s.sku) AS n
    FROM stock s JOIN locations l ON l.code = s.location
    WHERE (p_after IS NULL OR s.sku > p_after) AND (p_patterns IS NULL OR s.sku IN (SELECT f.sku FROM fit f))
    GROUP BY s.sku
    HAVING coalesce(sum(s.available) FILTER (WHERE l.active), 0) <= coalesce(p_threshold, max(s.low_at), default_low)
    ORDER BY s.sku LIMIT p_limit + 1
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object('sku', f.sku, 'available', f.available, 'reserved', f.reserved,
           'committed', f.committed, 'threshold', f.threshold, 'expected_on', f.expected_on) || named(t) ORDER BY f.n), '[]'),
         CASE WHEN EXISTS (SELECT FROM found WHERE n > p_limit) THEN max(f.sku) END
  FROM found f LEFT JOIN titles t USING (sku) WHERE f.n <= p_limit
$$;

DROP FUNCTION ledger_page(text, text, bigint, bigint);

-- What each location has of a SKU, in the order in which they ship; null when there is no such SKU. As in V9,
-- with its names.
CREATE OR REPLACE FUNCTION stock_by_location(p_sku text, default_low bigint) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT named((SELECT t FROM titles t WHERE t.sku = p_sku)) || jsonb_build_object('sku', p_sku, 'available', coalesce(sum(s.available) FILTER (WHERE l.active), 0),
    'threshold', coalesce(max(s.low_at), default_low),
    'expected_on', max(s.expected_on) FILTER (WHERE s.expected_on >= current_date),
    'locations', jsonb_agg(jsonb_build_object(
      'location', s.location, 'name', l.name, 'active', l.active, 'available', s.available, 'reserved', s.reserved,
      'committed', s.committed, 'received', s.received) ORDER BY l.active DESC, l.priority, s.location))
  FROM stock s JOIN locations l ON l.code = s.location WHERE s.sku = p_sku HAVING count(*) > 0
$$;

-- A SKU's ledger, newest first: entries before `p_before`, at one location or all; no row when there is no such SKU. As in V9,
-- with the names of the SKU.
CREATE FUNCTION ledger_page(p_sku text, p_location text, p_before bigint, p_limit bigint)
RETURNS TABLE (product jsonb, items jsonb, next bigint)
LANGUAGE sql STABLE AS $$
  WITH found AS (
    SELECT h.*, row_number() OVER (ORDER BY h.id DESC) AS n FROM stock_ledger h
    WHERE h.sku = p_sku AND h.id < coalesce(p_before, 9223372036854775807) AND (p_location IS NULL OR h.location = p_location)
    ORDER BY h.id DESC LIMIT p_limit + 1
  )
  SELECT named((SELECT t FROM titles t WHERE t.sku = p_sku)) || jsonb_build_object('sku', p_sku),
         coalesce(jsonb_agg(jsonb_build_object(
           'id', g.id, 'at', rfc3339(g.at), 'location', g.location, 'movement', g.movement, 'counterpart', g.counterpart,
           'before', jsonb_build_object('available', g.available_after - g.delta_available,
             'reserved', g.reserved_after - g.delta_reserved, 'committed', g.committed_after - g.delta_committed),
           'after', jsonb_build_object('available', g.available_after, 'reserved', g.reserved_after,
             'committed', g.committed_after),
           'expected_on', g.expected_on, 'reason', g.reason, 'order_id', g.order_id, 'actor', g.actor) ORDER BY g.n), '[]'),
         CASE WHEN EXISTS (SELECT FROM found WHERE n > p_limit) THEN min(g.id) END
  FROM found g WHERE g.n <= p_limit
  HAVING EXISTS (SELECT FROM stock s WHERE s.sku = p_sku)
$$;

-- Applies a batch of event envelopes, each at most once. Returns the number of events emitted. As in V5, with the
-- parts of a title.
CREATE OR REPLACE FUNCTION apply_events(batch jsonb, reservation_ttl_s int DEFAULT 900, default_low bigint DEFAULT 5) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  fresh jsonb[];
  types text[];
  new_returns bigint[];
  commands reservation_command[];
  emitted int := 0;
BEGIN
  SELECT array_agg(n.event ORDER BY n.ord), array_agg(DISTINCT n.event ->> 'type') INTO fresh, types FROM take_new(batch) AS n;
  IF 'product.changed' = ANY (types) THEN
    -- A SKU that the catalogue has just learned of: known here too, with nothing in stock yet. Before the
    -- reservations, since a row being inserted is waited for like a lock.
    INSERT INTO stock (sku)
    SELECT DISTINCT v ->> 'sku' COLLATE "C"
    FROM unnest(fresh) AS e (event), jsonb_array_elements(e.event #> '{data,variants}') AS v
    WHERE e.event ->> 'type' = 'product.changed'
    ORDER BY 1
    ON CONFLICT DO NOTHING;
    INSERT INTO titles (sku, title, product, variant, slug, changed_at)
    SELECT DISTINCT ON (x.sku COLLATE "C") x.sku, concat_ws(', ', nullif(x.product, ''), nullif(x.variant, '')), x.product, x.variant,
           x.slug, x.changed_at
    FROM (SELECT v ->> 'sku' AS sku, e.event #>> '{data,slug}' AS slug, (e.event ->> 'occurred_at')::timestamptz AS changed_at,
                 coalesce(e.event #>> '{data,title}', '') AS product, coalesce(v ->> 'title', '') AS variant, e.n
          FROM unnest(fresh) WITH ORDINALITY AS e (event, n), jsonb_array_elements(e.event #> '{data,variants}') AS v
          WHERE e.event ->> 'type' = 'product.changed' AND e.event #> '{data,slug}' IS NOT NULL) AS x
    ORDER BY x.sku COLLATE "C", x.changed_at DESC, x.n DESC -- of two in one millisecond, the later one
    ON CONFLICT (sku) DO UPDATE SET title = excluded.title, product = excluded.product, variant = excluded.variant,
                                    slug = excluded.slug, changed_at = excluded.changed_at
    WHERE titles.changed_at <= excluded.changed_at;
  END IF;
  IF 'order.returned' = ANY (types) THEN
    WITH given AS (
      SELECT DISTINCT ON (r.return_id) r.*
      FROM (SELECT (e.event #>> '{data,return_id}')::uuid AS return_id, (e.event #>> '{data,order_id}')::uuid AS order_id, e.n
            FROM unnest(fresh) WITH ORDINALITY AS e (event, n) WHERE e.event ->> 'type' = 'order.returned') AS r
      ORDER BY r.return_id, r.n
    ), entered AS (
      INSERT INTO returns (return_id, order_id) SELECT g.return_id, g.order_id FROM given g ORDER BY g.return_id
      ON CONFLICT DO NOTHING RETURNING return_id
    )
    SELECT array_agg(g.n) INTO new_returns FROM given g JOIN entered USING (return_id);
  END IF;

  SELECT array_agg(ROW (k.kind, (e.event #>> '{data,order_id}')::uuid, e.event #>> '{data,number}',
                        e.event #> '{data,lines}', e.event ->> 'traceparent')::reservation_command ORDER BY e.n)
    INTO commands
  FROM unnest(fresh) WITH ORDINALITY AS e (event, n)
  JOIN (VALUES ('order.placed', 'place'), ('order.confirmed', 'confirm'), ('order.cancelled', 'cancel'),
               ('order.rejected', 'cancel'), ('order.returned', 'return')) AS k (type, kind) ON k.type = e.event ->> 'type'
  WHERE k.kind <> 'return' OR e.n = ANY (new_returns);
  IF commands IS NOT NULL THEN
    emitted := settle_reservations(commands, reservation_ttl_s, default_low);
  END IF;

  IF 'user.deleted' = ANY (types) THEN -- last: nothing is left to wait for while subscriptions are held
    DELETE FROM stock_subscriptions
    WHERE user_id IN (SELECT (e.event #>> '{data,user_id}')::uuid FROM unnest(fresh) AS e (event)
                      WHERE e.event ->> 'type' = 'user.deleted');
  END IF;
  RETURN emitted;
END
$$;
