-- Writes again, for what V5 and V6 brought: category paths, further pictures, option values, and changes that name the
-- versions they may be made for.
--
-- A product's content has beside the keys that V3 names: media [{url, alt}], the pictures after the first (none when it is
-- missing), and, where it is written, category_path [{slug, title}], the categories above its own from the top down.

CREATE OR REPLACE FUNCTION product_content(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'slug', p.slug, 'title', p.title, 'description_html', p.description_html, 'vendor', p.vendor, 'category', p.category,
    'product_type', p.product_type, 'tags', p.tags, 'status', p.status, 'image_url', p.image_url, 'image_alt', p.image_alt,
    'options', p.options,
    'media', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('url', m.url, 'alt', m.alt) ORDER BY m.position), '[]')
      FROM pictures m WHERE m.product_id = p.id),
    'variants', (
      SELECT jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'options', v.options, 'price_minor', v.price_minor, 'currency', v.currency,
        'compare_at_minor', v.compare_at_minor, 'grams', v.grams, 'barcode', v.barcode) ORDER BY v.position)
      FROM variants v WHERE v.product_id = p.id))
$$;

CREATE OR REPLACE FUNCTION write_products(given jsonb, traceparent text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  conflicts jsonb;
  differing jsonb;
  created int;
  updated int;
BEGIN
  PERFORM lock_catalogue();

  -- A SKU may move between two products of one batch: then its old owner is given, too, and no longer lists it.
  SELECT jsonb_agg(jsonb_build_object('sku', v.sku, 'slug', g.value ->> 'slug', 'owner', owner.slug) ORDER BY v.sku)
  INTO conflicts
  FROM jsonb_array_elements(given) AS g
  CROSS JOIN jsonb_array_elements(g.value -> 'variants') AS n
  JOIN variants v ON v.sku = n.value ->> 'sku'
  JOIN products owner ON owner.id = v.product_id
  WHERE owner.slug NOT IN (SELECT o.value ->> 'slug' FROM jsonb_array_elements(given) AS o);
  IF conflicts IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'sku_conflict', 'conflicts', conflicts);
  END IF;

  SELECT coalesce(jsonb_agg(g.value), '[]'), count(*) FILTER (WHERE p.id IS NULL), count(p.id)
  INTO differing, created, updated
  FROM jsonb_array_elements(given) AS g
  LEFT JOIN products p ON p.slug = g.value ->> 'slug'
  WHERE p.id IS NULL
     OR product_content(p) IS DISTINCT FROM '{"media": []}'::jsonb || g.value - ARRAY['category_title', 'category_path'];

  -- A category keeps its title unless a new one is given; a bare slug is no title. One that is missing is put where the
  -- first product that names it says; one that is there stays where the merchant has put it. The first to name a category
  -- names those above it, too, so what is made here can hold no cycle.
  INSERT INTO categories (slug, title, parent)
  SELECT named.slug,
         (array_agg(named.title ORDER BY named.title = named.slug, named.product DESC))[1],
         (array_agg(named.parent ORDER BY named.product, named.level))[1]
  FROM (
    SELECT l.value ->> 'slug' AS slug, l.value ->> 'title' AS title, g.ordinality AS product, l.ordinality AS level,
           lag(l.value ->> 'slug') OVER (PARTITION BY g.ordinality ORDER BY l.ordinality) AS parent
    FROM jsonb_array_elements(given) WITH ORDINALITY AS g
    CROSS JOIN jsonb_array_elements(coalesce(g.value -> 'category_path', '[]') || jsonb_build_array(
      jsonb_build_object('slug', g.value ->> 'category', 'title', g.value ->> 'category_title'))) WITH ORDINALITY AS l
  ) AS named
  GROUP BY named.slug
  ON CONFLICT (slug) DO UPDATE SET title = excluded.title
  WHERE categories.title <> excluded.title AND excluded.title <> excluded.slug;

  INSERT INTO products AS p (slug, title, description_html, vendor, category, product_type, tags, status, image_url,
                             image_alt, options, option_values, price_from_minor, currency, in_stock)
  SELECT d.slug, d.title, d.description_html, d.vendor, d.category, d.product_type, d.tags, d.status, d.image_url,
         d.image_alt, d.options, o.option_values, v.price_from_minor, v.currency, v.in_stock
  FROM jsonb_to_recordset(differing) AS d (slug text, title text, description_html text, vendor text, category text,
         product_type text, tags text[], status text, image_url text, image_alt text, options text[], variants jsonb)
  CROSS JOIN LATERAL (
    SELECT min(n.price_minor) AS price_from_minor, min(n.currency) AS currency,
           coalesce(bool_or(a.available > 0), false) AS in_stock
    FROM jsonb_to_recordset(d.variants) AS n (sku text, price_minor bigint, currency text)
    LEFT JOIN availability a ON a.sku = n.sku
  ) AS v
  CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT option_value(pair.name, pair.value)), '{}') AS option_values
    FROM jsonb_to_recordset(d.variants) AS n (options text[])
    CROSS JOIN unnest(d.options, n.options) AS pair (name, value)
    WHERE pair.name IS NOT NULL AND pair.value IS NOT NULL
  ) AS o
  ON CONFLICT (slug) DO UPDATE SET
    title = excluded.title, description_html = excluded.description_html, vendor = excluded.vendor,
    category = excluded.category, product_type = excluded.product_type, tags = excluded.tags, status = excluded.status,
    image_url = excluded.image_url, image_alt = excluded.image_alt, options = excluded.options,
    option_values = excluded.option_values, price_from_minor = excluded.price_from_minor, currency = excluded.currency,
    in_stock = excluded.in_stock, version = p.version + 1, revision = p.revision + 1, updated_at = now();

  -- Written anew rather than matched up: SKUs may swap places, options or products within one call.
  DELETE FROM variants v USING products p, jsonb_array_elements(differing) AS d
  WHERE p.slug = d.value ->> 'slug' AND v.product_id = p.id;
  INSERT INTO variants (sku, product_id, position, options, price_minor, currency, compare_at_minor, grams, barcode)
  SELECT n.value ->> 'sku', p.id, n.ordinality, r.options, r.price_minor, r.currency, r.compare_at_minor, r.grams, r.barcode
  FROM jsonb_array_elements(differing) AS d
  JOIN products p ON p.slug = d.value ->> 'slug'
  CROSS JOIN jsonb_array_elements(d.value -> 'variants') WITH ORDINALITY AS n
  CROSS JOIN jsonb_to_record(n.value) AS r (options text[], price_minor bigint, currency text, compare_at_minor bigint,
                                            grams int, barcode text);
  DELETE FROM pictures m USING products p, jsonb_array_elements(differing) AS d
  WHERE p.slug = d.value ->> 'slug' AND m.product_id = p.id;
  INSERT INTO pictures (product_id, position, url, alt)
  SELECT p.id, n.ordinality + 1, n.value ->> 'url', n.value ->> 'alt'
  FROM jsonb_array_elements(differing) AS d
  JOIN products p ON p.slug = d.value ->> 'slug'
  CROSS JOIN jsonb_array_elements(d.value -> 'media') WITH ORDINALITY AS n;

  PERFORM emit('souk:catalog', 'product.changed', 1, p.id::text, traceparent, product_changed(p))
  FROM products p
  WHERE p.slug IN (SELECT d.value ->> 'slug' FROM jsonb_array_elements(differing) AS d)
  ORDER BY p.slug;

  RETURN jsonb_build_object(
    'outcome', 'ok', 'created', created, 'updated', updated,
    'unchanged', jsonb_array_length(given) - created - updated,
    'changed', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'slug', p.slug, 'revision', p.revision)), '[]')
      FROM products p WHERE p.slug IN (SELECT d.value ->> 'slug' FROM jsonb_array_elements(differing) AS d)));
END
$$;

-- What a change of one product says of it: the product in full, and what its ETag is made of.
CREATE FUNCTION product_as_written(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('product', product_detail(p), 'id', p.id, 'version', p.version, 'revision', p.revision)
$$;

-- Creates one product. -> as write_products, with product_as_written; or {"outcome": "slug_conflict"}.
CREATE OR REPLACE FUNCTION create_product(content jsonb, traceparent text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  result jsonb;
BEGIN
  PERFORM lock_catalogue();
  IF EXISTS (SELECT FROM products WHERE slug = content ->> 'slug') THEN
    RETURN jsonb_build_object('outcome', 'slug_conflict');
  END IF;
  result := write_products(jsonb_build_array(content), traceparent);
  IF result ->> 'outcome' = 'ok' THEN
    result := result || (SELECT product_as_written(p) FROM products p WHERE slug = content ->> 'slug');
  END IF;
  RETURN result;
END
$$;

-- Changes the given keys of one product's content, found by id or slug. `expected` are the versions that the change may be
-- made for; null: any. -> as create_product; or {"outcome": "not_found"}, or {"outcome": "version_conflict", "version"}.
DROP FUNCTION patch_product(uuid, text, jsonb, bigint, text);
CREATE FUNCTION patch_product(product_id uuid, product_slug text, patch jsonb, expected bigint[], traceparent text)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  found products;
  result jsonb;
BEGIN
  PERFORM lock_catalogue();
  SELECT * INTO found FROM products WHERE id = product_id OR slug = product_slug;
  IF found.id IS NULL THEN
    RETURN jsonb_build_object('outcome', 'not_found');
  ELSIF found.version <> ALL (expected) THEN
    RETURN jsonb_build_object('outcome', 'version_conflict', 'version', found.version);
  END IF;
  result := write_products(
    jsonb_build_array(
      jsonb_build_object('category_title', found.category) || product_content(found) || patch
        || jsonb_build_object('slug', found.slug)),
    traceparent);
  IF result ->> 'outcome' = 'ok' THEN
    result := result || (SELECT product_as_written(p) FROM products p WHERE id = found.id);
  END IF;
  RETURN result;
END
$$;

-- Takes one product out of the shop; its SKUs stay its own. Archiving twice changes nothing the second time.
-- -> {"outcome": "ok", "changed": [...]}, {"outcome": "not_found"}, or {"outcome": "version_conflict", "version"}.
DROP FUNCTION archive_product(uuid, text, text);
CREATE FUNCTION archive_product(product_id uuid, product_slug text, expected bigint[], traceparent text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  found products;
BEGIN
  PERFORM lock_catalogue();
  SELECT * INTO found FROM products WHERE id = product_id OR slug = product_slug;
  IF found.id IS NULL THEN
    RETURN jsonb_build_object('outcome', 'not_found');
  ELSIF found.version <> ALL (expected) THEN
    RETURN jsonb_build_object('outcome', 'version_conflict', 'version', found.version);
  ELSIF found.status = 'archived' THEN
    RETURN jsonb_build_object('outcome', 'ok', 'changed', jsonb_build_array());
  END IF;
  UPDATE products SET status = 'archived', version = version + 1, revision = revision + 1, updated_at = now()
  WHERE id = found.id
  RETURNING * INTO found;
  PERFORM emit('souk:catalog', 'product.removed', 1, found.id::text, traceparent, jsonb_build_object(
    'product_id', found.id, 'slug', found.slug, 'version', found.version,
    'skus', (SELECT jsonb_agg(v.sku ORDER BY v.position) FROM variants v WHERE v.product_id = found.id)));
  RETURN jsonb_build_object('outcome', 'ok', 'changed',
    jsonb_build_array(jsonb_build_object('id', found.id, 'slug', found.slug, 'revision', found.revision)));
END
$$;

-- The next `most` products behind the slug `after`, of any status, as an array of their contents by slug, each with
-- category_path [{slug, title}] from the top of the tree down to its own category.
CREATE FUNCTION export_products(after text, most int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE tree AS (
    SELECT slug, jsonb_build_array(jsonb_build_object('slug', slug, 'title', title)) AS path
    FROM categories WHERE parent IS NULL
    UNION ALL
    SELECT c.slug, t.path || jsonb_build_object('slug', c.slug, 'title', c.title) FROM tree t JOIN categories c ON c.parent = t.slug
  ), page AS MATERIALIZED (
    SELECT p AS product, p.slug, p.category FROM products p WHERE p.slug > after ORDER BY p.slug LIMIT most
  )
  SELECT coalesce(jsonb_agg(product_content(page.product) || jsonb_build_object('category_path', t.path) ORDER BY page.slug), '[]')
  FROM page JOIN tree t ON t.slug = page.category
$$;
