-- The index that SKUs are searched by, on an expression of its own: an index with trigrams also serves `=`, and the planner
-- took that of V10 for locking the SKUs of a batch, which then cost ten times as much until the first ANALYZE.

DROP INDEX stock_sku_like;
CREATE INDEX stock_sku_like ON stock USING gin (lower(sku) gin_trgm_ops) WHERE location = 'main';

-- As in V10, with the expression of that index.
CREATE OR REPLACE FUNCTION low_stock(p_patterns text[], p_threshold bigint, p_after text, p_limit bigint, default_low bigint)
RETURNS TABLE (items jsonb, next text)
LANGUAGE sql STABLE AS $$
  WITH fit AS (
    SELECT t.sku FROM titles t WHERE t.title ILIKE p_patterns[1] AND t.title ILIKE ALL (p_patterns)
    UNION
    SELECT s.sku FROM stock s
    WHERE s.location = 'main' AND lower(s.sku) ILIKE p_patterns[1] AND lower(s.sku) ILIKE ALL (p_patterns)
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
