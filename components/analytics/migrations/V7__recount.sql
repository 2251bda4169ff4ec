-- The proof that the sums are right, and their repair, with what V5 adds.

-- Each observation with the part that it should have.
CREATE VIEW edges_from_facts AS
  SELECT s.sku, s.at, s.event_id, s.is_edge,
         s.is_out <> lag(s.is_out, 1, false) OVER (PARTITION BY s.sku ORDER BY s.at, s.event_id) AS should_be, s.is_out
  FROM stock_facts s;

-- Everything that hourly sums and totals count, one row for each.
CREATE VIEW counted AS
  SELECT f.occurred_at AS at, f.metric, f.label, f.currency, f.units, f.amount_minor FROM facts f
  UNION ALL
  SELECT e.at, CASE WHEN e.is_out THEN 'stock_outs' ELSE 'stock_restocks' END, '', '', 0, 0
  FROM edges_from_facts e WHERE e.should_be;

CREATE OR REPLACE VIEW hourly_from_facts AS
  SELECT date_trunc('hour', c.at, 'UTC') AS hour, c.metric, c.label, c.currency,
         count(*) AS events, sum(c.units)::bigint AS units, sum(c.amount_minor)::bigint AS amount_minor
  FROM counted c GROUP BY 1, 2, 3, 4;

CREATE OR REPLACE VIEW totals_from_facts AS
  SELECT c.metric, c.label, c.currency,
         count(*) AS events, sum(c.units)::bigint AS units, sum(c.amount_minor)::bigint AS amount_minor
  FROM counted c GROUP BY 1, 2, 3;

DROP FUNCTION recount_differences();
DROP VIEW daily_products_from_facts;
CREATE VIEW daily_products_from_facts AS
  SELECT l.day, l.sku, l.currency, (array_agg(l.title ORDER BY l.occurred_at DESC, l.title DESC))[1] AS title,
         max(l.occurred_at) AS titled_at, coalesce(sum(l.units) FILTER (WHERE NOT l.is_return), 0)::bigint AS units,
         coalesce(sum(l.units) FILTER (WHERE l.is_return), 0)::bigint AS units_returned,
         sum(l.amount_minor)::bigint AS amount_minor
  FROM fact_lines l GROUP BY 1, 2, 3;

CREATE VIEW customer_months_from_facts AS
  SELECT f.customer, date_trunc('month', f.occurred_at AT TIME ZONE 'UTC')::date AS month, count(*) AS orders
  FROM facts f WHERE f.customer IS NOT NULL GROUP BY 1, 2;

-- Every sum that differs from its facts, with both figures (events/units/amount). No row means all is well. A sum of
-- nothing at all is as good as none.
CREATE FUNCTION recount_differences() RETURNS TABLE (aggregate text, bucket text, live text, recounted text)
LANGUAGE sql STABLE AS $$
  SELECT 'hourly', concat_ws(' ', rfc3339(hour), metric, label, currency),
         concat_ws('/', a.events, a.units, a.amount_minor), concat_ws('/', b.events, b.units, b.amount_minor)
  FROM (SELECT * FROM hourly WHERE (events, units, amount_minor) <> (0, 0, 0)) AS a
  FULL JOIN hourly_from_facts b USING (hour, metric, label, currency)
  WHERE (a.events, a.units, a.amount_minor) IS DISTINCT FROM (b.events, b.units, b.amount_minor)
  UNION ALL
  SELECT 'totals', concat_ws(' ', metric, label, currency),
         concat_ws('/', a.events, a.units, a.amount_minor), concat_ws('/', b.events, b.units, b.amount_minor)
  FROM (SELECT * FROM totals WHERE (events, units, amount_minor) <> (0, 0, 0)) AS a
  FULL JOIN totals_from_facts b USING (metric, label, currency)
  WHERE (a.events, a.units, a.amount_minor) IS DISTINCT FROM (b.events, b.units, b.amount_minor)
  UNION ALL
  SELECT 'daily_products', concat_ws(' ', day, sku, currency),
         concat_ws('/', a.title, a.units, a.units_returned, a.amount_minor),
         concat_ws('/', b.title, b.units, b.units_returned, b.amount_minor)
  FROM daily_products a FULL JOIN daily_products_from_facts b USING (day, sku, currency)
  WHERE (a.title, a.units, a.units_returned, a.amount_minor)
        IS DISTINCT FROM (b.title, b.units, b.units_returned, b.amount_minor)
  UNION ALL
  SELECT 'customer_months', concat_ws(' ', customer, month), a.orders::text, b.orders::text
  FROM customer_months a FULL JOIN customer_months_from_facts b USING (customer, month)
  WHERE a.orders IS DISTINCT FROM b.orders
  UNION ALL
  SELECT 'stock_facts', concat_ws(' ', sku, rfc3339(at), event_id), is_edge::text, should_be::text
  FROM edges_from_facts WHERE is_edge <> should_be
$$;

-- How many sums there are to compare.
CREATE FUNCTION sums_count() RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM hourly) + (SELECT count(*) FROM totals) + (SELECT count(*) FROM daily_products)
         + (SELECT count(*) FROM customer_months)
$$;

-- Makes all sums again from the facts, for repair after a defect. Consumers wait meanwhile, and reports go on showing
-- the old sums until it is done. Returns how many sums there are then.
DROP FUNCTION recount();
CREATE FUNCTION recount() RETURNS bigint
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1, 0);
  UPDATE stock_facts s SET is_edge = e.should_be FROM edges_from_facts e
  WHERE (s.sku, s.at, s.event_id) = (e.sku, e.at, e.event_id) AND s.is_edge <> e.should_be;
  DELETE FROM hourly;
  INSERT INTO hourly SELECT * FROM hourly_from_facts;
  DELETE FROM totals;
  INSERT INTO totals SELECT * FROM totals_from_facts;
  DELETE FROM daily_products;
  INSERT INTO daily_products (day, sku, currency, title, titled_at, units, units_returned, amount_minor)
  SELECT day, sku, currency, title, titled_at, units, units_returned, amount_minor FROM daily_products_from_facts;
  DELETE FROM customer_months;
  INSERT INTO customer_months SELECT * FROM customer_months_from_facts;
  RETURN sums_count();
END
$$;

-- What V5 adds to sums that were there before. Consumers that still run as V2 told them are kept out meanwhile.
LOCK TABLE facts, fact_lines, hourly, totals, daily_products IN EXCLUSIVE MODE;
SELECT recount();
