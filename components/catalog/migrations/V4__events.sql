-- Applies a batch of events (an array of envelopes): stock.changed moves availability; product.changed and product.removed,
-- the catalog's own, only say which cached pages are old.
-- -> [{"id", "slug", "revision"}]: the products whose cached pages may be older than what the database says now.
--
-- There is no inbox here, because applying an event twice, or an older one late, changes nothing: each SKU remembers the
-- time of the newest event it has seen. An event that comes again may mean that its first delivery died between the commit
-- and the cache, so its product is reported again although nothing changes.
CREATE FUNCTION apply_events(batch jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  flipped text[];
  seen_before text[];
  touched jsonb;
BEGIN
  PERFORM lock_catalogue();

  WITH newest AS (
    SELECT DISTINCT ON (e.value -> 'data' ->> 'sku')
           e.value -> 'data' ->> 'sku' AS sku,
           (e.value -> 'data' ->> 'available')::bigint AS available,
           (e.value ->> 'occurred_at')::timestamptz AS changed_at
    FROM jsonb_array_elements(batch) WITH ORDINALITY AS e
    WHERE e.value ->> 'type' = 'stock.changed'
    ORDER BY e.value -> 'data' ->> 'sku', (e.value ->> 'occurred_at')::timestamptz DESC, e.ordinality DESC
  ), known AS (
    SELECT n.*, a.available AS was, a.changed_at AS since
    FROM newest n LEFT JOIN availability a ON a.sku = n.sku
  ), applied AS (
    INSERT INTO availability AS a (sku, available, changed_at)
    SELECT sku, available, changed_at FROM known
    ON CONFLICT (sku) DO UPDATE SET available = excluded.available, changed_at = excluded.changed_at
    WHERE a.changed_at <= excluded.changed_at
    RETURNING sku
  )
  SELECT coalesce(array_agg(k.sku) FILTER (
           WHERE k.sku IN (SELECT sku FROM applied) AND (k.available > 0) <> coalesce(k.was > 0, false)), '{}'),
         coalesce(array_agg(k.sku) FILTER (WHERE k.changed_at <= k.since), '{}')
  INTO flipped, seen_before
  FROM known k;

  UPDATE products p
  SET revision = revision + 1,
      in_stock = EXISTS (SELECT FROM variants v JOIN availability a ON a.sku = v.sku
                         WHERE v.product_id = p.id AND a.available > 0)
  WHERE p.id IN (SELECT v.product_id FROM variants v WHERE v.sku = ANY (flipped));

  SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'slug', p.slug, 'revision', p.revision)), '[]')
  INTO touched
  FROM products p
  WHERE p.id IN (
    SELECT v.product_id FROM variants v WHERE v.sku = ANY (flipped || seen_before)
    UNION
    SELECT (e.value ->> 'key')::uuid FROM jsonb_array_elements(batch) AS e
    WHERE e.value ->> 'type' IN ('product.changed', 'product.removed'));
  RETURN touched;
END
$$;
