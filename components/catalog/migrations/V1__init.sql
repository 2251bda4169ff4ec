-- Products, their variants, the categories they stand in, and what the catalog knows about stock.
-- The shape of a text (length, characters) is checked where it enters the service; what must never happen is checked here.

-- Trusted, so the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE categories (
  slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
  title text NOT NULL CHECK (title <> '')
);

-- What full-text search sees of a product. The parser skips HTML tags by itself. Declared immutable, as a generated column
-- asks for: array_to_string is only marked stable for element types whose output depends on settings, which text does not.
CREATE FUNCTION search_document(
  title text, vendor text, category text, product_type text, tags text[], description_html text
) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.simple', title) || to_tsvector('pg_catalog.english', title), 'A')
      || setweight(to_tsvector('pg_catalog.english',
           concat_ws(' ', product_type, replace(category, '-', ' '), array_to_string(tags, ' '))), 'B')
      || setweight(to_tsvector('pg_catalog.simple', vendor), 'B')
      || setweight(to_tsvector('pg_catalog.english', description_html), 'D')
$$;

CREATE TABLE products (
  id uuid PRIMARY KEY DEFAULT uuid_v7(),
  -- The merchant's handle. Never looks like a UUID, so that one path segment can be either.
  slug text NOT NULL CONSTRAINT products_slug_key UNIQUE
    CHECK (slug ~ '^[a-z0-9]+([_-][a-z0-9]+)*$' AND length(slug) <= 128 AND slug !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  title text NOT NULL CHECK (title <> ''),
  description_html text NOT NULL DEFAULT '',
  vendor text NOT NULL DEFAULT '',
  category text NOT NULL REFERENCES categories (slug),
  product_type text NOT NULL DEFAULT '',
  tags text[] NOT NULL DEFAULT '{}',
  status text NOT NULL CHECK (status IN ('draft', 'active', 'archived')),
  image_url text NOT NULL DEFAULT '',
  image_alt text NOT NULL DEFAULT '',
  -- Names of what the variants differ in, as in {Size,Colour}; empty when there is one variant.
  options text[] NOT NULL DEFAULT '{}',
  -- Cheapest variant; kept here so that lists sort and filter by an index.
  price_from_minor bigint NOT NULL CHECK (price_from_minor >= 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  in_stock boolean NOT NULL DEFAULT false,
  -- Grows when the merchant changes the product; events carry it.
  version bigint NOT NULL DEFAULT 1,
  -- Grows when anything a shopper sees of the product changes, stock included; guards the cache and makes the ETag.
  revision bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  search tsvector NOT NULL
    GENERATED ALWAYS AS (search_document(title, vendor, category, product_type, tags, description_html)) STORED
) WITH (fillfactor = 80); -- room on the page for in_stock and revision, which no index holds, to change in place
-- One index for each order a public list can have. Ids are UUIDv7, so the newest product has the greatest id.
CREATE INDEX products_newest ON products (id) WHERE status = 'active';
CREATE INDEX products_price ON products (price_from_minor, id) WHERE status = 'active';
CREATE INDEX products_title ON products (lower(title), id) WHERE status = 'active';
CREATE INDEX products_category_newest ON products (category, id) WHERE status = 'active';
CREATE INDEX products_category_price ON products (category, price_from_minor, id) WHERE status = 'active';
CREATE INDEX products_category_title ON products (category, lower(title), id) WHERE status = 'active';
CREATE INDEX products_search ON products USING gin (search);
CREATE INDEX products_title_trigrams ON products USING gin (lower(title) gin_trgm_ops);

-- A SKU belongs to one product in the whole shop, archived ones included.
CREATE TABLE variants (
  sku text PRIMARY KEY CHECK (sku ~ '^[A-Za-z0-9._-]{1,64}$'),
  product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
  position smallint NOT NULL CHECK (position > 0),
  -- One value for each name in products.options.
  options text[] NOT NULL DEFAULT '{}',
  price_minor bigint NOT NULL CHECK (price_minor >= 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  compare_at_minor bigint CHECK (compare_at_minor >= 0),
  grams integer NOT NULL DEFAULT 0 CHECK (grams >= 0),
  barcode text,
  CONSTRAINT variants_position_key UNIQUE (product_id, position),
  CONSTRAINT variants_options_key UNIQUE (product_id, options)
);

-- Read model of stock.changed. Not tied to variants: stock may be known before the product is, and outlive it.
-- `changed_at` is the event's time; an older event than the one applied changes nothing.
CREATE TABLE availability (
  sku text PRIMARY KEY,
  available bigint NOT NULL,
  changed_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- All writers of products, variants and availability take this one lock first. What a product's in_stock is follows from
-- two tables that different writers change, and neither would see the other's uncommitted rows; merchants write seldom
-- and stock arrives in batches, so a queue costs nothing and rules out both that race and every deadlock.
CREATE FUNCTION lock_catalogue() RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(7)
$$;
