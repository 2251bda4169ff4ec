-- Pods of the release before go on for some minutes beside those of this one, and list what is low with `low_stock` as it was in
-- V7, which V10 took away. Nothing else calls it: a later release may drop it.
CREATE FUNCTION low_stock(p_threshold bigint, p_after text, p_limit bigint, default_low bigint)
RETURNS TABLE (sku text, available bigint, reserved bigint, committed bigint, threshold bigint)
LANGUAGE sql STABLE AS $$
  SELECT i.sku, i.available, i.reserved, i.committed, i.threshold
  FROM low_stock(NULL::text[], p_threshold, p_after, p_limit, default_low) AS page,
       jsonb_to_recordset(page.items) AS i (sku text, available bigint, reserved bigint, committed bigint, threshold bigint)
  ORDER BY i.sku COLLATE "C"
$$;
