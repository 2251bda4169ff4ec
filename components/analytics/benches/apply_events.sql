-- How long one call of apply_events takes with 256 events, in the schema of V1 and V2 ("before") and in that of all
-- migrations ("after"), turn and turn about in one run. On a migrated, empty analytics database:
--   psql -X -f components/analytics/benches/apply_events.sql postgres://postgres@127.0.0.1:PORT/DATABASE
-- The mix is that of orders that go through: cart started, placed, payment requested, captured, confirmed, mail queued,
-- stock changed. "Before" does not know carts and stock, and knows nothing of customers.
\set QUIET on
\pset footer off
SET client_min_messages = warning;

DROP SCHEMA IF EXISTS before CASCADE;
CREATE SCHEMA before;
SET search_path = before, public;
\ir ../migrations/V1__init.sql
\ir ../migrations/V2__apply_events.sql
RESET search_path;

CREATE TEMP TABLE timing (version text, mix text, ms float8);

-- Without carts and stock there is in a batch what both count.
CREATE FUNCTION pg_temp.event_batch(events int, mix text) RETURNS jsonb LANGUAGE sql AS $$
  WITH kinds AS (
    SELECT CASE mix WHEN 'all' THEN
      ARRAY['order.placed', 'order.payment_requested', 'payment.captured', 'order.confirmed', 'notification.queued', 'cart.started', 'stock.changed']
      ELSE ARRAY['order.placed', 'order.payment_requested', 'payment.captured', 'order.confirmed', 'notification.queued'] END AS types
  ), event AS (
    SELECT n, types[1 + n % cardinality(types)] AS type FROM kinds, generate_series(1, events) AS n
  )
  SELECT jsonb_agg(jsonb_build_object('id', uuid_v7(), 'type', type, 'version', 1, 'key', uuid_v7(),
    'occurred_at', rfc3339(clock_timestamp()), 'traceparent', null, 'data',
    CASE WHEN type IN ('order.placed', 'order.confirmed') THEN jsonb_build_object(
      'user_id', lpad(to_hex((random() * 5000)::int), 32, '0')::uuid,
      'total', jsonb_build_object('amount_minor', 4820, 'currency', 'EUR'), 'lines',
      (SELECT jsonb_agg(jsonb_build_object('sku', 'SKU-' || ((n * 7 + l * 31 + (random() * 500)::int) % 2000), 'title', 'Thing',
         'quantity', l, 'unit_price', jsonb_build_object('amount_minor', 1200, 'currency', 'EUR')))
       FROM generate_series(1, 2) AS l))
    WHEN type = 'notification.queued' THEN jsonb_build_object('template', 'order_confirmed', 'html', repeat('x', 2000))
    WHEN type = 'cart.started' THEN jsonb_build_object('cart_id', uuid_v7(), 'user_id', uuid_v7(), 'is_guest', n % 2 = 0)
    WHEN type = 'stock.changed' THEN jsonb_build_object('sku', 'SKU-' || (random() * 2000)::int, 'available', (random() * 20)::int)
    ELSE jsonb_build_object('amount', jsonb_build_object('amount_minor', 4820, 'currency', 'EUR')) END))
  FROM event
$$;

CREATE PROCEDURE pg_temp.measure(rounds int) LANGUAGE plpgsql AS $$
DECLARE
  batch jsonb; began timestamptz; mix text;
BEGIN
  FOR r IN 1 .. rounds LOOP
    FOREACH mix IN ARRAY ARRAY['orders', 'all'] LOOP
      batch := pg_temp.event_batch(256, mix);
      PERFORM set_config('search_path', 'before, public', false);
      COMMIT;
      began := clock_timestamp();
      PERFORM before.apply_events(batch);
      COMMIT;
      INSERT INTO timing VALUES ('before', mix, extract(epoch FROM clock_timestamp() - began) * 1000);
      -- The inbox is one for both.
      DELETE FROM inbox;
      batch := pg_temp.event_batch(256, mix);
      PERFORM set_config('search_path', 'public', false);
      COMMIT;
      began := clock_timestamp();
      PERFORM public.apply_events(batch);
      COMMIT;
      INSERT INTO timing VALUES ('after', mix, extract(epoch FROM clock_timestamp() - began) * 1000);
      DELETE FROM inbox;
    END LOOP;
  END LOOP;
END
$$;
CALL pg_temp.measure(20);
TRUNCATE timing;
CALL pg_temp.measure(200);
SELECT mix, version, count(*) AS calls, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 1) AS median_ms,
       round(avg(ms)::numeric, 1) AS mean_ms, round(max(ms)::numeric, 1) AS slowest_ms,
       round((256000 / avg(ms))::numeric) AS events_per_s
FROM timing GROUP BY mix, version ORDER BY mix DESC, version DESC;
SELECT mix, round((avg(ms) FILTER (WHERE version = 'after') / avg(ms) FILTER (WHERE version = 'before'))::numeric, 2) AS after_to_before
FROM timing GROUP BY mix ORDER BY mix DESC;
SELECT count(*) AS differences FROM public.recount_differences();
DROP SCHEMA before CASCADE;
