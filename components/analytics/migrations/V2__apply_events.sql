-- Events become facts, facts become sums. Everything is a sum, so the order in which events arrive does not matter.

-- The first day on which an event can have happened, and the last: a producer with a broken clock must not open
-- buckets that no report ever shows.
CREATE FUNCTION plausible_time(occurred_at text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
  SELECT greatest(least(occurred_at::timestamptz, now() + interval '1 day'), '2020-01-01T00:00:00Z'::timestamptz)
$$;

-- Applies a batch of event envelopes, each at most once. Rows of each table are locked in key order, table after table,
-- so two replicas can wait for each other but never deadlock. Returns how many facts were added.
CREATE FUNCTION apply_events(batch jsonb) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  added facts[];
  sold fact_lines[];
BEGIN
  WITH fresh AS MATERIALIZED (
    SELECT (n.event ->> 'id')::uuid AS event_id, m.metric, n.event ->> 'key' AS key,
           plausible_time(n.event ->> 'occurred_at') AS occurred_at, n.event -> 'data' AS data
    FROM take_new(batch) AS n JOIN metrics m ON m.event_type = n.event ->> 'type'
  ), fact AS (
    INSERT INTO facts (event_id, metric, label, occurred_at, key, currency, amount_minor, units)
    SELECT f.event_id, f.metric,
           left(coalesce(f.data ->> 'reason', f.data ->> 'template', ''), 64), f.occurred_at, f.key,
           coalesce(money.value ->> 'currency', ''), coalesce((money.value ->> 'amount_minor')::bigint, 0),
           coalesce((SELECT sum((l ->> 'quantity')::bigint)
                     FROM jsonb_array_elements(CASE WHEN f.metric LIKE 'orders_%' THEN f.data -> 'lines' END) AS l), 0)
    FROM fresh f, coalesce(f.data -> 'amount', f.data -> 'total') AS money (value)
    ON CONFLICT DO NOTHING
    RETURNING facts AS row
  ), line AS (
    INSERT INTO fact_lines (event_id, line, day, sku, title, currency, units, amount_minor)
    SELECT f.event_id, l.n, (f.occurred_at AT TIME ZONE 'UTC')::date, l.value ->> 'sku',
           left(coalesce(l.value ->> 'title', ''), 200), l.value #>> '{unit_price,currency}',
           (l.value ->> 'quantity')::bigint,
           (l.value ->> 'quantity')::bigint * (l.value #>> '{unit_price,amount_minor}')::bigint
    FROM fresh f, jsonb_array_elements(f.data -> 'lines') WITH ORDINALITY AS l (value, n)
    WHERE f.metric = 'orders_confirmed'
    ON CONFLICT DO NOTHING
    RETURNING fact_lines AS row
  )
  SELECT (SELECT array_agg(fact.row) FROM fact), (SELECT array_agg(line.row) FROM line) INTO added, sold;
  IF added IS NULL THEN
    RETURN 0;
  END IF;

  INSERT INTO hourly AS h (hour, metric, label, currency, events, units, amount_minor)
  SELECT date_trunc('hour', f.occurred_at, 'UTC'), f.metric, f.label, f.currency,
         count(*), sum(f.units), sum(f.amount_minor)
  FROM unnest(added) AS f
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (hour, metric, label, currency) DO UPDATE SET
    events = h.events + excluded.events, units = h.units + excluded.units,
    amount_minor = h.amount_minor + excluded.amount_minor;

  INSERT INTO totals AS t (metric, label, currency, events, units, amount_minor)
  SELECT f.metric, f.label, f.currency, count(*), sum(f.units), sum(f.amount_minor)
  FROM unnest(added) AS f
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (metric, label, currency) DO UPDATE SET
    events = t.events + excluded.events, units = t.units + excluded.units,
    amount_minor = t.amount_minor + excluded.amount_minor;

  INSERT INTO daily_products AS p (day, sku, currency, title, units, amount_minor)
  SELECT l.day, l.sku, l.currency, max(l.title), sum(l.units), sum(l.amount_minor)
  FROM unnest(sold) AS l
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (day, sku, currency) DO UPDATE SET
    title = excluded.title, units = p.units + excluded.units, amount_minor = p.amount_minor + excluded.amount_minor;

  RETURN cardinality(added);
END
$$;

-- Forgets inbox entries that are older than any redelivery, at most `batch_size` a call. The facts keep their event id, so
-- that even a later replay cannot count twice. Returns how many went.
CREATE FUNCTION forget_old_events(batch_size int) RETURNS int
LANGUAGE sql VOLATILE AS $$
  WITH gone AS (
    DELETE FROM inbox WHERE event_id IN (
      SELECT event_id FROM inbox WHERE received_at < now() - interval '7 days'
      ORDER BY received_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT count(*)::int FROM gone
$$;
