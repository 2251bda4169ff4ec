-- How long one call of apply_events takes with 256 events. Run on a migrated, empty analytics database:
--   psql -X -f components/analytics/benches/apply_events.sql postgres://postgres@127.0.0.1:PORT/DATABASE
-- The mix is that of orders that go through: placed, payment requested, captured, confirmed, mail queued.
\set QUIET on
\pset footer off
SET client_min_messages = warning;

CREATE TEMP TABLE timing (ms float8);

CREATE FUNCTION pg_temp.event_batch(events int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_agg(jsonb_build_object('id', uuid_v7(), 'type',
    (ARRAY['order.placed', 'order.payment_requested', 'payment.captured', 'order.confirmed', 'notification.queued'])[1 + n % 5],
    'version', 1, 'key', uuid_v7(), 'occurred_at', rfc3339(clock_timestamp()), 'traceparent', null, 'data',
    CASE WHEN n % 5 IN (0, 3) THEN jsonb_build_object(
      'total', jsonb_build_object('amount_minor', 4820, 'currency', 'EUR'), 'lines',
      (SELECT jsonb_agg(jsonb_build_object('sku', 'SKU-' || ((n * 7 + l * 31 + (random() * 500)::int) % 2000), 'title', 'Thing',
         'quantity', l, 'unit_price', jsonb_build_object('amount_minor', 1200, 'currency', 'EUR')))
       FROM generate_series(1, 2) AS l))
    WHEN n % 5 = 4 THEN jsonb_build_object('template', 'order_confirmed', 'html', repeat('x', 2000))
    ELSE jsonb_build_object('amount', jsonb_build_object('amount_minor', 4820, 'currency', 'EUR')) END))
  FROM generate_series(1, events) AS n
$$;

CREATE PROCEDURE pg_temp.measure(rounds int) LANGUAGE plpgsql AS $$
DECLARE
  batch jsonb; began timestamptz;
BEGIN
  FOR r IN 1 .. rounds LOOP
    batch := pg_temp.event_batch(256);
    COMMIT;
    began := clock_timestamp();
    PERFORM apply_events(batch);
    COMMIT;
    INSERT INTO timing VALUES (extract(epoch FROM clock_timestamp() - began) * 1000);
  END LOOP;
END
$$;
CALL pg_temp.measure(100);
SELECT count(*) AS calls, round(avg(ms)::numeric, 1) AS mean_ms, round(max(ms)::numeric, 1) AS slowest_ms,
       round((256000 / avg(ms))::numeric) AS events_per_s
FROM timing;
SELECT count(*) AS differences FROM recount_differences();
