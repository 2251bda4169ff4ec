-- Categories become a tree: a product stands in one category and is listed in all those above it. Collections are hand-picked,
-- ordered lists of products beside that tree.

ALTER TABLE categories
  ADD COLUMN parent text REFERENCES categories (slug),
  -- Order among siblings; equal positions sort by title.
  ADD COLUMN position int NOT NULL DEFAULT 0 CHECK (position >= 0);
CREATE INDEX categories_parent ON categories (parent);

-- A category and everything below it; nothing for a slug that no category has.
CREATE FUNCTION category_tree(root text) RETURNS SETOF text
LANGUAGE sql STABLE ROWS 10 AS $$
  WITH RECURSIVE below AS (
    SELECT slug FROM categories WHERE slug = root
    UNION
    SELECT c.slug FROM below JOIN categories c ON c.parent = below.slug
  )
  SELECT slug FROM below
$$;

-- A tree has no cycle, whoever writes it. Writers queue here, since two moves could otherwise close one together.
CREATE FUNCTION refuse_category_cycle() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_catalogue();
  IF NEW.parent IN (SELECT category_tree(NEW.slug)) THEN
    RAISE EXCEPTION 'category % would be within itself', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'categories_no_cycle';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER categories_no_cycle AFTER INSERT OR UPDATE OF parent ON categories
FOR EACH ROW WHEN (NEW.parent IS NOT NULL) EXECUTE FUNCTION refuse_category_cycle();

-- All categories as the tree is read: each parent before its children. `products` counts what is active in a category and
-- below it; without `with_empty`, categories in which nothing is are left out.
CREATE FUNCTION list_categories(with_empty boolean) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE holding AS (
    SELECT category AS slug, count(*) AS products FROM products WHERE status = 'active' GROUP BY category
    UNION ALL
    SELECT c.parent, h.products FROM holding h JOIN categories c ON c.slug = h.slug WHERE c.parent IS NOT NULL
  ), counted AS (
    SELECT slug, sum(products)::bigint AS products FROM holding GROUP BY slug
  ), tree AS (
    SELECT c.*, 0 AS depth, ARRAY[to_char(c.position, 'FM0000000000') || lower(c.title) || E'\t' || c.slug] AS place
    FROM categories c WHERE c.parent IS NULL
    UNION ALL
    SELECT c.*, t.depth + 1, t.place || (to_char(c.position, 'FM0000000000') || lower(c.title) || E'\t' || c.slug)
    FROM tree t JOIN categories c ON c.parent = t.slug
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'slug', t.slug, 'title', t.title, 'parent', t.parent, 'depth', t.depth, 'position', t.position,
    'products', coalesce(n.products, 0)) ORDER BY t.place), '[]')
  FROM tree t LEFT JOIN counted n ON n.slug = t.slug
  WHERE with_empty OR n.products > 0
$$;

-- One category as `list_categories` shows it.
CREATE FUNCTION show_category(wanted text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT item.value FROM jsonb_array_elements(list_categories(true)) AS item WHERE item.value ->> 'slug' = wanted
$$;

-- -> {"outcome": "ok", "category"}, {"outcome": "slug_conflict"} or {"outcome": "no_parent"}.
CREATE FUNCTION create_category(new_slug text, new_title text, new_parent text, new_position int) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM lock_catalogue();
  IF EXISTS (SELECT FROM categories WHERE slug = new_slug) THEN
    RETURN jsonb_build_object('outcome', 'slug_conflict');
  ELSIF new_parent IS NOT NULL AND NOT EXISTS (SELECT FROM categories WHERE slug = new_parent) THEN
    RETURN jsonb_build_object('outcome', 'no_parent');
  END IF;
  INSERT INTO categories (slug, title, parent, position) VALUES (new_slug, new_title, new_parent, new_position);
  RETURN jsonb_build_object('outcome', 'ok', 'category', show_category(new_slug));
END
$$;

-- Renames or moves a category with all that is below it. `patch` has the keys that change: title, parent (null: to the
-- top), position. -> as create_category; or {"outcome": "not_found"}, or {"outcome": "cycle"}.
CREATE FUNCTION change_category(wanted text, patch jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  new_parent text := patch ->> 'parent';
BEGIN
  PERFORM lock_catalogue();
  IF NOT EXISTS (SELECT FROM categories WHERE slug = wanted) THEN
    RETURN jsonb_build_object('outcome', 'not_found');
  ELSIF new_parent IS NOT NULL AND NOT EXISTS (SELECT FROM categories WHERE slug = new_parent) THEN
    RETURN jsonb_build_object('outcome', 'no_parent');
  ELSIF new_parent IN (SELECT category_tree(wanted)) THEN
    RETURN jsonb_build_object('outcome', 'cycle');
  END IF;
  UPDATE categories SET
    title = coalesce(patch ->> 'title', title),
    parent = CASE WHEN patch ? 'parent' THEN new_parent ELSE parent END,
    position = coalesce((patch ->> 'position')::int, position)
  WHERE slug = wanted;
  RETURN jsonb_build_object('outcome', 'ok', 'category', show_category(wanted));
END
$$;

-- Deletes a category in and below which nothing is, archived products included: they name it.
-- -> {"outcome": "ok"}, {"outcome": "not_found"} or {"outcome": "not_empty", "products", "children"}.
CREATE FUNCTION delete_category(wanted text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  holds bigint;
  children bigint;
BEGIN
  PERFORM lock_catalogue();
  SELECT count(*) INTO holds FROM products WHERE category = wanted;
  SELECT count(*) INTO children FROM categories WHERE parent = wanted;
  IF holds + children > 0 THEN
    RETURN jsonb_build_object('outcome', 'not_empty', 'products', holds, 'children', children);
  END IF;
  DELETE FROM categories WHERE slug = wanted;
  RETURN jsonb_build_object('outcome', CASE WHEN FOUND THEN 'ok' ELSE 'not_found' END);
END
$$;

CREATE TABLE collections (
  slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
  title text NOT NULL CHECK (title <> ''),
  description_html text NOT NULL DEFAULT '',
  image_url text NOT NULL DEFAULT '',
  image_alt text NOT NULL DEFAULT '',
  -- Order among the collections; equal positions sort by title.
  position int NOT NULL DEFAULT 0 CHECK (position >= 0),
  -- Grows with every change; a change names the version that it was made for.
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE collection_products (
  collection text NOT NULL REFERENCES collections (slug) ON DELETE CASCADE,
  position int NOT NULL CHECK (position > 0),
  product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  PRIMARY KEY (collection, position),
  CONSTRAINT collection_products_once UNIQUE (collection, product_id)
);
CREATE INDEX collection_products_product ON collection_products (product_id);

-- A collection without its products. `products` counts the active ones.
CREATE FUNCTION collection_head(c collections) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'slug', c.slug, 'title', c.title, 'description_html', c.description_html, 'image_url', c.image_url,
    'image_alt', c.image_alt, 'position', c.position, 'version', c.version,
    'products', (SELECT count(*) FROM collection_products cp JOIN products p ON p.id = cp.product_id
                 WHERE cp.collection = c.slug AND p.status = 'active'))
$$;

-- A product as it stands in a list.
CREATE FUNCTION product_card(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', p.id, 'slug', p.slug, 'title', p.title, 'vendor', p.vendor, 'category', p.category,
    'price_from', money(p.price_from_minor, p.currency), 'in_stock', p.in_stock, 'image_url', p.image_url,
    'image_alt', p.image_alt, 'status', p.status)
$$;

-- One page of a collection: {"collection", "items", "last": {"position", "id"} of the last item when more follow it}, or null.
-- The page goes on behind the product `after_id`, wherever it stands by now: what is put in front of it meanwhile moves
-- nothing on to the next page. Should it be gone, the page goes on behind the position that it had.
CREATE FUNCTION collection_page(wanted text, after_position int, after_id uuid, most int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH behind AS (
    SELECT coalesce(
      (SELECT position FROM collection_products WHERE collection = wanted AND product_id = after_id), after_position, 0) AS place
  ), found AS (
    SELECT cp.position, p.id, product_card(p) AS card, row_number() OVER (ORDER BY cp.position) AS ordinal
    FROM collection_products cp JOIN products p ON p.id = cp.product_id AND p.status = 'active'
    WHERE cp.collection = wanted AND cp.position > (SELECT place FROM behind)
    ORDER BY cp.position LIMIT most + 1
  )
  SELECT jsonb_build_object(
    'collection', collection_head(c),
    'items', (SELECT coalesce(jsonb_agg(card ORDER BY ordinal) FILTER (WHERE ordinal <= most), '[]') FROM found),
    'last', (SELECT jsonb_build_object('position', f.position, 'id', f.id) FROM found f
             WHERE f.ordinal = most AND EXISTS (SELECT FROM found WHERE ordinal > most)))
  FROM collections c WHERE c.slug = wanted
$$;

-- Puts `slugs` in that order into a collection, in place of what is there. -> the slugs that no product has; then nothing
-- is changed.
CREATE FUNCTION fill_collection(wanted text, slugs jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  unknown jsonb;
BEGIN
  SELECT jsonb_agg(s.value ORDER BY s.ordinality) INTO unknown
  FROM jsonb_array_elements_text(slugs) WITH ORDINALITY AS s
  WHERE NOT EXISTS (SELECT FROM products p WHERE p.slug = s.value);
  IF unknown IS NULL THEN
    DELETE FROM collection_products WHERE collection = wanted;
    INSERT INTO collection_products (collection, position, product_id)
    SELECT wanted, s.ordinality, p.id
    FROM jsonb_array_elements_text(slugs) WITH ORDINALITY AS s JOIN products p ON p.slug = s.value;
  END IF;
  RETURN unknown;
END
$$;

-- `content` has slug, title, description_html, image_url, image_alt, position, products (an array of slugs).
-- -> {"outcome": "ok", "collection"}, {"outcome": "slug_conflict"} or {"outcome": "unknown_products", "unknown"}.
CREATE FUNCTION create_collection(content jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  made collections;
  unknown jsonb;
BEGIN
  PERFORM lock_catalogue();
  INSERT INTO collections (slug, title, description_html, image_url, image_alt, position)
  SELECT slug, title, description_html, image_url, image_alt, position
  FROM jsonb_to_record(content) AS c (slug text, title text, description_html text, image_url text, image_alt text, position int)
  ON CONFLICT DO NOTHING
  RETURNING * INTO made;
  IF made.slug IS NULL THEN
    RETURN jsonb_build_object('outcome', 'slug_conflict');
  END IF;
  unknown := fill_collection(made.slug, content -> 'products');
  IF unknown IS NOT NULL THEN
    DELETE FROM collections WHERE slug = made.slug;
    RETURN jsonb_build_object('outcome', 'unknown_products', 'unknown', unknown);
  END IF;
  RETURN jsonb_build_object('outcome', 'ok', 'collection', collection_head(made));
END
$$;

-- Changes the given keys. `expected` are the versions that the change may be made for; null: any.
-- -> as create_collection; or {"outcome": "not_found"}, or {"outcome": "version_conflict", "version"}.
CREATE FUNCTION change_collection(wanted text, patch jsonb, expected bigint[]) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  found collections;
  unknown jsonb;
BEGIN
  PERFORM lock_catalogue();
  SELECT * INTO found FROM collections WHERE slug = wanted;
  IF found.slug IS NULL THEN
    RETURN jsonb_build_object('outcome', 'not_found');
  ELSIF found.version <> ALL (expected) THEN
    RETURN jsonb_build_object('outcome', 'version_conflict', 'version', found.version);
  END IF;
  IF patch ? 'products' THEN
    unknown := fill_collection(wanted, patch -> 'products');
    IF unknown IS NOT NULL THEN
      RETURN jsonb_build_object('outcome', 'unknown_products', 'unknown', unknown);
    END IF;
  END IF;
  UPDATE collections SET
    title = coalesce(patch ->> 'title', title),
    description_html = coalesce(patch ->> 'description_html', description_html),
    image_url = coalesce(patch ->> 'image_url', image_url),
    image_alt = coalesce(patch ->> 'image_alt', image_alt),
    position = coalesce((patch ->> 'position')::int, position),
    version = version + 1, updated_at = now()
  WHERE slug = wanted
  RETURNING * INTO found;
  RETURN jsonb_build_object('outcome', 'ok', 'collection', collection_head(found));
END
$$;

-- -> {"outcome": "ok"}, {"outcome": "not_found"} or {"outcome": "version_conflict", "version"}.
CREATE FUNCTION delete_collection(wanted text, expected bigint[]) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  found bigint;
BEGIN
  PERFORM lock_catalogue();
  SELECT version INTO found FROM collections WHERE slug = wanted;
  IF found IS NULL THEN
    RETURN jsonb_build_object('outcome', 'not_found');
  ELSIF found <> ALL (expected) THEN
    RETURN jsonb_build_object('outcome', 'version_conflict', 'version', found);
  END IF;
  DELETE FROM collections WHERE slug = wanted;
  RETURN jsonb_build_object('outcome', 'ok');
END
$$;
