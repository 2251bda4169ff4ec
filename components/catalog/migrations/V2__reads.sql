-- What leaves the database: the product page, the event, and the products that are spelled like a query.

-- The words that tell one variant from its siblings: "Large / Indigo", or "" when there is only one.
CREATE FUNCTION variant_title(options text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_string(options, ' / ')
$$;

CREATE FUNCTION money(amount_minor bigint, currency text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN amount_minor IS NOT NULL
    THEN jsonb_build_object('amount_minor', amount_minor, 'currency', currency) END
$$;

-- One product in full, as GET /api/catalog/products/{slug-or-id} shows it.
CREATE FUNCTION product_detail(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', p.id, 'slug', p.slug, 'title', p.title, 'description_html', p.description_html, 'vendor', p.vendor,
    'category', p.category, 'product_type', p.product_type, 'tags', p.tags, 'status', p.status,
    'image_url', p.image_url, 'image_alt', p.image_alt, 'options', p.options,
    'price_from', money(p.price_from_minor, p.currency), 'in_stock', p.in_stock, 'version', p.version,
    'created_at', rfc3339(p.created_at), 'updated_at', rfc3339(p.updated_at),
    'variants', (
      SELECT jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'title', variant_title(v.options), 'options', v.options,
        'price', money(v.price_minor, v.currency), 'compare_at', money(v.compare_at_minor, v.currency),
        'grams', v.grams, 'barcode', v.barcode, 'in_stock', coalesce(a.available > 0, false)) ORDER BY v.position)
      FROM variants v LEFT JOIN availability a ON a.sku = v.sku WHERE v.product_id = p.id))
$$;

-- The data of product.changed.
CREATE FUNCTION product_changed(p products) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'product_id', p.id, 'slug', p.slug, 'title', p.title, 'status', p.status, 'category', p.category,
    'image_url', p.image_url, 'version', p.version,
    'variants', (
      SELECT jsonb_agg(jsonb_build_object(
        'sku', v.sku, 'title', variant_title(v.options),
        'price', money(v.price_minor, v.currency), 'grams', v.grams) ORDER BY v.position)
      FROM variants v WHERE v.product_id = p.id))
$$;

-- A shopper's words as a full-text query: stemmed, or as they stand (names, and words that English drops).
CREATE FUNCTION search_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT websearch_to_tsquery('pg_catalog.english', words) || websearch_to_tsquery('pg_catalog.simple', words)
$$;

-- Relevance as an integer, so that a cursor can hold it exactly. It depends on the product alone, not on its neighbours.
CREATE FUNCTION search_rank(document tsvector, query tsquery) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (ts_rank(document, query) * 1000000)::bigint
$$;

-- Active products whose title holds words spelled like the given ones: what is shown when no product has the words
-- themselves. At most 200, the closest first; the threshold lets one wrong or swapped letter through in a five-letter word.
CREATE FUNCTION similar_products(words text) RETURNS TABLE (product_id uuid, closeness bigint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  -- For this statement only. Not a SET clause: its owner could not create that before the library is loaded.
  PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
  RETURN QUERY
    SELECT p.id, (word_similarity(lower(words), lower(p.title)) * 1000000)::bigint AS near
    FROM products p
    WHERE p.status = 'active' AND lower(words) <% lower(p.title)
    ORDER BY near DESC, p.id DESC
    LIMIT 200;
END
$$;
