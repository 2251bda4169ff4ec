-- Every placed order goes through stock.reserved and payment.captured, in batches.
CREATE FUNCTION bench_process(batch_size int, OUT orders bigint, OUT seconds numeric, OUT per_second numeric)
LANGUAGE plpgsql AS $$
DECLARE
  kind text;
  batch jsonb;
  began timestamptz := clock_timestamp();
BEGIN
  FOREACH kind IN ARRAY ARRAY['stock.reserved', 'payment.captured'] LOOP
    FOR batch IN
      SELECT jsonb_agg(event) FROM (
        SELECT row_number() OVER (ORDER BY id) / batch_size AS part, jsonb_build_object('id', uuid_v7(), 'type', kind,
          'version', 1, 'key', id, 'occurred_at', 'x', 'data', jsonb_build_object('order_id', id,
            'payment_id', id, 'amount', money(total_minor, currency), 'gateway_reference', 'r')) AS event FROM orders o
      ) AS events GROUP BY part
    LOOP
      PERFORM apply_events(batch);
    END LOOP;
  END LOOP;
  SELECT count(*) INTO orders FROM public.orders WHERE status = 'confirmed';
  seconds := round(extract(epoch FROM clock_timestamp() - began)::numeric, 2);
  per_second := round(orders / seconds);
END
$$;
SELECT * FROM bench_process(:batch);
