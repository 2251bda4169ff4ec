-- How long one call of apply_events takes with 200 events. Run on a migrated, empty inventory database:
--   psql -X -f components/inventory/benches/apply_events.sql postgres://postgres@127.0.0.1:PORT/DATABASE
-- It fills 5,000 SKUs, then places, confirms and cancels in batches of 200 orders with 1 to 3 lines each, and prints
-- the mean and the slowest call in milliseconds.
\set QUIET on
\pset footer off
SET client_min_messages = warning;

CREATE TEMP TABLE timing (step text, ms float8);

CREATE FUNCTION pg_temp.order_events(event_type text, orders uuid[]) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_agg(jsonb_build_object('id', uuid_v7(), 'type', event_type, 'version', 1, 'key', o, 'occurred_at',
    rfc3339(now()), 'traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'data',
    jsonb_build_object('order_id', o, 'number', 'S-' || left(o::text, 8), 'email', 'a@souk.example', 'name', 'A', 'lines',
      (SELECT jsonb_agg(jsonb_build_object('sku', 'SKU-' || (hashtext(o::text || l) & 1023), 'title', 'Thing', 'quantity', l,
         'unit_price', jsonb_build_object('amount_minor', 100, 'currency', 'EUR')))
       FROM generate_series(1, 1 + (hashtext(o::text) & 1)) AS l),
      'shipping_address', '{"name":"A","line1":"B","city":"C","postal_code":"1","country":"DE"}'::jsonb)))
  FROM unnest(orders) AS o
$$;

INSERT INTO stock (sku, received, available)
SELECT 'SKU-' || g, 100000, 100000 FROM generate_series(0, 4999) AS g;
ANALYZE stock;

CREATE PROCEDURE pg_temp.measure(rounds int) LANGUAGE plpgsql AS $$
DECLARE
  orders uuid[]; batch jsonb; step text; began timestamptz;
BEGIN
  FOR r IN 1 .. rounds LOOP
    SELECT array_agg(uuid_v7()) INTO orders FROM generate_series(1, 200);
    FOREACH step IN ARRAY ARRAY['order.placed', 'order.confirmed', 'order.cancelled', 'order.cancelled again'] LOOP
      CONTINUE WHEN step LIKE 'order.cancelled%' AND r % 4 <> 0;
      batch := pg_temp.order_events(split_part(step, ' ', 1), orders);
      COMMIT;
      began := clock_timestamp();
      PERFORM apply_events(batch, 900);
      COMMIT;
      INSERT INTO timing VALUES (step, extract(epoch FROM clock_timestamp() - began) * 1000);
    END LOOP;
    DELETE FROM outbox;
    COMMIT;
  END LOOP;
END
$$;
CALL pg_temp.measure(40);
SELECT step, count(*) AS calls, round(avg(ms)::numeric, 1) AS mean_ms, round(max(ms)::numeric, 1) AS slowest_ms,
       round((200000 / avg(ms))::numeric) AS events_per_s
FROM timing GROUP BY step ORDER BY min(step) DESC;
SELECT invariant, sku, detail FROM stock_violations() WHERE invariant <> 'the ledger adds up to the stock' LIMIT 5;
