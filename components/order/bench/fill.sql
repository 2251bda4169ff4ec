-- 1,000 offers, and carts with two lines each. Cart and user ids are made from a counter, so that the clients know them.
SELECT apply_events(jsonb_agg(jsonb_build_object('id', uuid_v7(), 'type', 'product.changed', 'version', 1,
  'key', p, 'occurred_at', 'x', 'data', jsonb_build_object('product_id', p, 'slug', 's' || n, 'title', 'Product ' || n,
    'status', 'active', 'version', 1, 'variants', jsonb_build_array(jsonb_build_object('sku', 'SKU-' || n,
      'title', '', 'grams', 200, 'price', money(1000 + n, 'EUR')))))))
FROM (SELECT n, uuid_v7() AS p FROM generate_series(1, 1000) AS n) AS products \g (format=unaligned tuples_only) /dev/null
INSERT INTO carts (id, user_id, currency)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
  ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'EUR'
FROM generate_series(1, :carts) AS n;
INSERT INTO cart_items (cart_id, sku, quantity)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'SKU-' || ((n * 7 + k * 13) % 1000 + 1), k + 1
FROM generate_series(1, :carts) AS n, generate_series(0, 1) AS k;
VACUUM ANALYZE products, sellable, carts, cart_items;
