-- As in V6. Of several products or categories with one title it is always the same ones that are suggested, in the same order.
CREATE OR REPLACE FUNCTION suggestions(words text, most int) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  pattern text := replace(replace(replace(words, '\', '\\'), '%', '\%'), '_', '\_');
  found uuid[];
  shelves jsonb;
BEGIN
  SELECT coalesce(array_agg(id ORDER BY title, id), '{}') INTO found FROM (
    SELECT p.id, lower(p.title) COLLATE "C" AS title FROM products p
    WHERE p.status = 'active' AND lower(p.title) COLLATE "C" >= words AND lower(p.title) COLLATE "C" < words || U&'\+10FFFF'
    ORDER BY lower(p.title) COLLATE "C", p.id LIMIT most) AS beginning;
  -- Two characters and the blank before them are the least that the trigram index can look up.
  IF cardinality(found) < most AND length(words) >= 2 THEN
    SELECT found || coalesce(array_agg(id ORDER BY in_stock DESC, title, id), '{}') INTO found FROM (
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
    SELECT c.slug, c.title, row_number() OVER (ORDER BY c.begins DESC, c.closeness DESC, lower(c.title), c.slug) AS ordinal
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
