-- The proof that the sums are right: counted again from the facts.

CREATE VIEW hourly_from_facts AS
  SELECT date_trunc('hour', f.occurred_at, 'UTC') AS hour, f.metric, f.label, f.currency,
         count(*) AS events, sum(f.units)::bigint AS units, sum(f.amount_minor)::bigint AS amount_minor
  FROM facts f GROUP BY 1, 2, 3, 4;

CREATE VIEW totals_from_facts AS
  SELECT f.metric, f.label, f.currency,
         count(*) AS events, sum(f.units)::bigint AS units, sum(f.amount_minor)::bigint AS amount_minor
  FROM facts f GROUP BY 1, 2, 3;

CREATE VIEW daily_products_from_facts AS
  SELECT l.day, l.sku, l.currency, sum(l.units)::bigint AS units, sum(l.amount_minor)::bigint AS amount_minor
  FROM fact_lines l GROUP BY 1, 2, 3;

-- Every sum that differs from its facts, with both figures (events/units/amount). No row means all is well.
CREATE FUNCTION recount_differences() RETURNS TABLE (aggregate text, bucket text, live text, recounted text)
LANGUAGE sql STABLE AS $$
  SELECT 'hourly', concat_ws(' ', rfc3339(hour), metric, label, currency),
         concat_ws('/', a.events, a.units, a.amount_minor), concat_ws('/', b.events, b.units, b.amount_minor)
  FROM hourly a FULL JOIN hourly_from_facts b USING (hour, metric, label, currency)
  WHERE (a.events, a.units, a.amount_minor) IS DISTINCT FROM (b.events, b.units, b.amount_minor)
  UNION ALL
  SELECT 'totals', concat_ws(' ', metric, label, currency),
         concat_ws('/', a.events, a.units, a.amount_minor), concat_ws('/', b.events, b.units, b.amount_minor)
  FROM totals a FULL JOIN totals_from_facts b USING (metric, label, currency)
  WHERE (a.events, a.units, a.amount_minor) IS DISTINCT FROM (b.events, b.units, b.amount_minor)
  UNION ALL
  SELECT 'daily_products', concat_ws(' ', day, sku, currency),
         concat_ws('/', a.units, a.amount_minor), concat_ws('/', b.units, b.amount_minor)
  FROM daily_products a FULL JOIN daily_products_from_facts b USING (day, sku, currency)
  WHERE (a.units, a.amount_minor) IS DISTINCT FROM (b.units, b.amount_minor)
$$;

-- Makes all sums again from the facts, for repair after a defect. Stops the consumers while it runs.
CREATE FUNCTION recount() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE facts, hourly, totals, daily_products IN EXCLUSIVE MODE;
  DELETE FROM hourly;
  INSERT INTO hourly SELECT * FROM hourly_from_facts;
  DELETE FROM totals;
  INSERT INTO totals SELECT * FROM totals_from_facts;
  DELETE FROM daily_products;
  INSERT INTO daily_products (day, sku, currency, title, units, amount_minor)
  SELECT l.day, l.sku, l.currency, max(l.title), sum(l.units), sum(l.amount_minor)
  FROM fact_lines l GROUP BY 1, 2, 3;
END
$$;
