-- Further pictures of a product, what filters and facets look at, and suggestions while typing.

-- The first picture is the product's own image_url; these come after it.
CREATE TABLE pictures (
  product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  position smallint NOT NULL CHECK (position > 1),
  url text NOT NULL CHECK (url <> ''),
  alt text NOT NULL DEFAULT '',
  PRIMARY KEY (product_id, position)
);

-- What the variants of a product are, as in {"Colour<US>Indigo"}: name and value with U+001F between them, which neither holds.
CREATE FUNCTION option_value(name text, value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT name || E'\x1f' || value
$$;
ALTER TABLE products ADD COLUMN option_values text[] NOT NULL DEFAULT '{}';
UPDATE products p SET option_values = found.option_values
FROM (
  SELECT v.product_id, array_agg(DISTINCT option_value(o.name, o.value)) AS option_values
  FROM variants v JOIN products q ON q.id = v.product_id CROSS JOIN unnest(q.options, v.options) AS o (name, value)
  GROUP BY v.product_id
) AS found
WHERE found.product_id = p.id;

CREATE INDEX products_tags ON products USING gin (tags) WHERE status = 'active';
CREATE INDEX products_option_values ON products USING gin (option_values) WHERE status = 'active';
CREATE INDEX products_vendor ON products (vendor, id) WHERE status = 'active';
-- Titles that begin with what is being typed, whatever the database's collation.
CREATE INDEX products_title_prefix ON products ((lower(title) COLLATE "C")) WHERE status = 'active';

-- What a shopper may mean who has typed `words` (in lower case) so far: {"products", "categories"}, at most `most` products and
-- three categories. Titles that begin with the words come first, then titles in which a later word begins with them, and
-- only when there are none the ones spelled alike. At most 200 titles are looked at in each step.
CREATE FUNCTION suggestions(words text, most int) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  pattern text := replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_');
  found uuid[];
  shelves jsonb;
BEGIN
  SELECT coalesce(array_agg(id), '{}') INTO found FROM (
    SELECT p.id FROM products p
    WHERE p.status = 'active' AND lower(p.title) COLLATE "C" >= words AND lower(p.title) COLLATE "C" < words || U&'\+10FFFF'
    ORDER BY lower(p.title) COLLATE "C" LIMIT most) AS beginning;
  -- Two characters and the blank before them are the least that the trigram index can look up.
  IF cardinality(found) < most AND length(words) >= 2 THEN
    SELECT found || coalesce(array_agg(id ORDER BY in_stock DESC, title), '{}') INTO found FROM (
      SELECT p.id, p.in_stock, p.title FROM products p
      WHERE p.status = 'active' AND lower(p.title) LIKE '% ' || pattern || '%' AND p.id <> ALL (found)
      LIMIT 200) AS within;
  END IF;
  IF cardinality(found) = 0 AND length(words) >= 3 THEN
    SELECT coalesce(array_agg(s.product_id ORDER BY s.closeness DESC, s.product_id DESC), '{}') INTO found
    FROM similar_products(words) s;
  END IF;
  SELECT jsonb_agg(jsonb_build_object('slug', c.slug, 'title', c.title) ORDER BY c.ordinal) INTO shelves
  FROM (
    SELECT c.slug, c.title, row_number() OVER (ORDER BY c.begins DESC, c.closeness DESC, lower(c.title)) AS ordinal
    FROM (
      SELECT c.slug, c.title, ' ' || lower(c.title) LIKE '% ' || pattern || '%' AS begins,
             CASE WHEN length(words) >= 3 THEN word_similarity(words, lower(c.title)) ELSE 0 END AS closeness
      FROM categories c) AS c
    WHERE (c.begins OR c.closeness > 0.5)
      AND EXISTS (SELECT FROM category_tree(c.slug) AS t (slug) JOIN products p ON p.category = t.slug AND p.status = 'active')
    ORDER BY ordinal LIMIT 3) AS c;
  RETURN jsonb_build_object(
    'products', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
        'slug', p.slug, 'title', p.title, 'price_from', money(p.price_from_minor, p.currency), 'in_stock', p.in_stock,
        'image_url', p.image_url, 'image_alt', p.image_alt) ORDER BY f.ordinality), '[]')
      FROM unnest(found[:most]) WITH ORDINALITY AS f (id, ordinality) JOIN products p ON p.id = f.id),
    'categories', coalesce(shelves, '[]'));
END
$$;

CREATE OR REPLACE FUNCTION product_detail(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', p.id, 'slug', p.slug, 'title', p.title, 'description_html', p.description_html, 'vendor', p.vendor,
    'category', p.category, 'product_type', p.product_type, 'tags', p.tags, 'status', p.status,
    'image_url', p.image_url, 'image_alt', p.image_alt, 'options', p.options,
    'price_from', money(p.price_from_minor, p.currency), 'in_stock', p.in_stock, 'version', p.version,
    'created_at', rfc3339(p.created_at), 'updated_at', rfc3339(p.updated_at),
    'media', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('url', m.url, 'alt', m.alt, 'position', m.position) ORDER BY m.position), '[]')
      FROM (SELECT 1 AS position, p.image_url AS url, p.image_alt AS alt WHERE p.image_url <> ''
            UNION ALL SELECT position, url, alt FROM pictures WHERE product_id = p.id) AS m),
    'variants', (
      SELECT jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'title', variant_title(v.options), 'options', v.options,
        'price', money(v.price_minor, v.currency), 'compare_at', money(v.compare_at_minor, v.currency),
        'grams', v.grams, 'barcode', v.barcode, 'in_stock', coalesce(a.available > 0, false)) ORDER BY v.position)
      FROM variants v LEFT JOIN availability a ON a.sku = v.sku WHERE v.product_id = p.id))
$$;

CREATE OR REPLACE FUNCTION product_changed(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'product_id', p.id, 'slug', p.slug, 'title', p.title, 'status', p.status, 'category', p.category, 'tags', p.tags,
    'image_url', p.image_url, 'version', p.version,
    'variants', (
      SELECT jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'title', variant_title(v.options),
        'price', money(v.price_minor, v.currency), 'grams', v.grams) ORDER BY v.position)
      FROM variants v WHERE v.product_id = p.id))
$$;
