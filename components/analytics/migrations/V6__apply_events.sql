-- Counting again from the beginning, with what V5 adds. Still everything is a sum, or decided by when things happened:
-- the order in which events arrive does not matter.

-- Who changes sums holds this shared; who makes them again holds it alone.
CREATE FUNCTION count_gate() RETURNS void
LANGUAGE sql VOLATILE AS $$ SELECT pg_advisory_xact_lock_shared(1, 0) $$;

-- What a reason or template may be called: short codes, never what a person wrote.
CREATE FUNCTION plain_label(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN given IS NULL THEN '' WHEN lower(given) ~ '^[a-z0-9_.-]{0,64}$' THEN lower(given) ELSE 'other' END
$$;

-- Decides anew which observations begin or end a stock-out: those given and the one after each. The caller has locked
-- their SKUs. Returns those whose part changed.
CREATE FUNCTION settle_edges(observed stock_facts[]) RETURNS stock_facts[]
LANGUAGE sql VOLATILE SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  WITH touched AS (
    SELECT o.sku, o.at, o.event_id FROM unnest(observed) AS o
    UNION
    SELECT o.sku, n.at, n.event_id FROM unnest(observed) AS o CROSS JOIN LATERAL (
      SELECT f.at, f.event_id FROM stock_facts f
      WHERE f.sku = o.sku AND (f.at, f.event_id) > (o.at, o.event_id) ORDER BY f.at, f.event_id LIMIT 1) AS n
  ), judged AS (
    SELECT f.sku, f.at, f.event_id, f.is_edge, f.is_out <> coalesce((
      SELECT p.is_out FROM stock_facts p
      WHERE p.sku = f.sku AND (p.at, p.event_id) < (f.at, f.event_id)
      ORDER BY p.at DESC, p.event_id DESC LIMIT 1), false) AS should_be
    FROM touched t JOIN stock_facts f USING (sku, at, event_id)
  ), turned AS (
    UPDATE stock_facts f SET is_edge = j.should_be FROM judged j
    WHERE (f.sku, f.at, f.event_id) = (j.sku, j.at, j.event_id) AND j.is_edge <> j.should_be
    RETURNING f
  )
  SELECT array_agg(turned.f) FROM turned
$$;

DROP FUNCTION apply_events(jsonb);

-- Applies a batch of event envelopes, each at most once. Rows of each table are locked in key order, table after table,
-- so two replicas can wait for each other but never deadlock. With `replay` the inbox is not asked: facts keep their
-- event's id, so what was counted is not counted again. Returns how many facts and observations were added.
CREATE FUNCTION apply_events(batch jsonb, replay boolean DEFAULT false) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
  added facts[];
  lines fact_lines[];
  observed stock_facts[];
  turned stock_facts[];
  gone jsonb;
BEGIN
  PERFORM count_gate();
  -- One batch at a time for each SKU and for each customer: who decides about neighbours must see them.
  PERFORM pg_advisory_xact_lock(2, k.key) FROM (
    SELECT DISTINCT hashtext(e.value #>> ARRAY['data', CASE e.value ->> 'type' WHEN 'stock.changed' THEN 'sku' ELSE 'user_id' END])
    FROM jsonb_array_elements(batch) AS e
    WHERE e.value ->> 'type' IN ('stock.changed', 'order.confirmed', 'user.deleted') ORDER BY 1) AS k (key)
  WHERE k.key IS NOT NULL;

  WITH fresh AS MATERIALIZED (
    SELECT (n.event ->> 'id')::uuid AS event_id, m.metric, m.event_type, n.event ->> 'key' AS key,
           plausible_time(n.event ->> 'occurred_at') AS occurred_at, n.event -> 'data' AS data,
           CASE WHEN m.metric IN ('orders_confirmed', 'accounts_deleted') THEN (n.event #>> '{data,user_id}')::uuid END AS account
    FROM (SELECT event FROM take_new(CASE WHEN replay THEN '[]' ELSE batch END)
          UNION ALL
          SELECT DISTINCT ON ((e.value ->> 'id')::uuid) e.value
          FROM jsonb_array_elements(CASE WHEN replay THEN batch ELSE '[]' END) AS e) AS n
    JOIN metrics m ON m.event_type = n.event ->> 'type'
  ), leaving AS (
    INSERT INTO forgotten (id_hash, pseudonym)
    SELECT DISTINCT sha256(uuid_send(f.account)), gen_random_uuid() FROM fresh f
    WHERE f.metric = 'accounts_deleted' AND f.account IS NOT NULL ORDER BY 1
    ON CONFLICT DO NOTHING RETURNING id_hash, pseudonym
  ), known AS MATERIALIZED (
    SELECT f.account, coalesce(l.pseudonym, g.pseudonym) AS pseudonym, l.id_hash IS NOT NULL AS leaves
    FROM (SELECT DISTINCT account FROM fresh WHERE account IS NOT NULL) AS f
    LEFT JOIN leaving l ON l.id_hash = sha256(uuid_send(f.account))
    LEFT JOIN forgotten g ON g.id_hash = sha256(uuid_send(f.account))
    WHERE l.id_hash IS NOT NULL OR g.id_hash IS NOT NULL
  ), fact AS (
    INSERT INTO facts (event_id, metric, label, occurred_at, key, currency, amount_minor, units, customer)
    SELECT f.event_id, f.metric,
           CASE WHEN f.metric = 'carts_started' THEN CASE WHEN (f.data ->> 'is_guest')::boolean THEN 'guest' ELSE 'account' END
                WHEN f.metric IN ('returns_requested', 'refunds_requested') THEN ''
                ELSE plain_label(coalesce(f.data ->> 'reason', f.data ->> 'template', f.data ->> 'code')) END,
           f.occurred_at,
           CASE WHEN k.account IS NULL AND (f.event_type LIKE 'order.%' OR f.event_type LIKE 'payment.%') THEN f.key ELSE '' END,
           coalesce(money.value ->> 'currency', ''), coalesce((money.value ->> 'amount_minor')::bigint, 0),
           coalesce((SELECT sum((l ->> 'quantity')::bigint)
                     FROM jsonb_array_elements(CASE WHEN f.event_type LIKE 'order.%' THEN f.data -> 'lines' END) AS l), 0),
           CASE WHEN f.metric = 'orders_confirmed' THEN CASE WHEN k.account IS NULL THEN f.account ELSE k.pseudonym END END
    FROM fresh f CROSS JOIN coalesce(f.data -> 'amount', f.data -> 'refund', f.data -> 'total') AS money (value)
    LEFT JOIN known k ON k.account = f.account
    WHERE f.metric <> 'stock_outs'
    ON CONFLICT DO NOTHING
    RETURNING facts AS row
  ), line AS (
    INSERT INTO fact_lines (event_id, line, day, sku, title, currency, units, amount_minor, is_return, occurred_at)
    SELECT f.event_id, l.n, (f.occurred_at AT TIME ZONE 'UTC')::date, l.value ->> 'sku',
           left(coalesce(l.value ->> 'title', ''), 200),
           CASE f.metric WHEN 'orders_confirmed' THEN l.value #>> '{unit_price,currency}' ELSE coalesce(f.data #>> '{refund,currency}', '') END,
           (l.value ->> 'quantity')::bigint,
           CASE f.metric WHEN 'orders_confirmed' THEN (l.value ->> 'quantity')::bigint * (l.value #>> '{unit_price,amount_minor}')::bigint ELSE 0 END,
           f.metric = 'orders_returned', f.occurred_at
    FROM fresh f, jsonb_array_elements(f.data -> 'lines') WITH ORDINALITY AS l (value, n)
    WHERE f.metric IN ('orders_confirmed', 'orders_returned')
    ON CONFLICT DO NOTHING
    RETURNING fact_lines AS row
  ), seen AS (
    INSERT INTO stock_facts (sku, at, event_id, is_out)
    SELECT f.data ->> 'sku', f.occurred_at, f.event_id, (f.data ->> 'available')::bigint <= 0
    FROM fresh f WHERE f.metric = 'stock_outs'
    ON CONFLICT DO NOTHING
    RETURNING stock_facts AS row
  )
  SELECT (SELECT array_agg(fact.row) FROM fact), (SELECT array_agg(line.row) FROM line), (SELECT array_agg(seen.row) FROM seen),
         (SELECT jsonb_agg(jsonb_build_object('account', known.account, 'pseudonym', known.pseudonym)) FROM known WHERE known.leaves)
  INTO added, lines, observed, gone;
  IF observed IS NOT NULL THEN
    turned := settle_edges(observed);
  END IF;
  IF gone IS NOT NULL THEN
    PERFORM forget_customers(gone);
  END IF;
  PERFORM add_to_sums(added, lines, turned);
  RETURN coalesce(cardinality(added), 0) + coalesce(cardinality(observed), 0);
END
$$;

-- Puts the pseudonym of [{account, pseudonym}] in the place of the account; their orders are not named any more either.
CREATE FUNCTION forget_customers(gone jsonb) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE facts f SET customer = g.pseudonym, key = ''
  FROM jsonb_to_recordset(gone) AS g (account uuid, pseudonym uuid) WHERE f.customer = g.account;
  UPDATE customer_months m SET customer = g.pseudonym
  FROM jsonb_to_recordset(gone) AS g (account uuid, pseudonym uuid) WHERE m.customer = g.account;
END
$$;

-- Adds facts, lines and changed edges to all sums. An edge that is none any more is taken away again.
CREATE FUNCTION add_to_sums(added facts[], lines fact_lines[], turned stock_facts[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF added IS NULL AND turned IS NULL THEN
    RETURN;
  END IF;

  INSERT INTO hourly AS h (hour, metric, label, currency, events, units, amount_minor)
  SELECT date_trunc('hour', c.at, 'UTC'), c.metric, c.label, c.currency, sum(c.events), sum(c.units), sum(c.amount_minor)
  FROM (SELECT f.occurred_at, f.metric, f.label, f.currency, 1, f.units, f.amount_minor FROM unnest(added) AS f
        UNION ALL
        SELECT e.at, CASE WHEN e.is_out THEN 'stock_outs' ELSE 'stock_restocks' END, '', '',
               CASE WHEN e.is_edge THEN 1 ELSE -1 END, 0, 0 FROM unnest(turned) AS e)
    AS c (at, metric, label, currency, events, units, amount_minor)
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (hour, metric, label, currency) DO UPDATE SET
    events = h.events + excluded.events, units = h.units + excluded.units,
    amount_minor = h.amount_minor + excluded.amount_minor;

  INSERT INTO totals AS t (metric, label, currency, events, units, amount_minor)
  SELECT c.metric, c.label, c.currency, sum(c.events), sum(c.units), sum(c.amount_minor)
  FROM (SELECT f.metric, f.label, f.currency, 1, f.units, f.amount_minor FROM unnest(added) AS f
        UNION ALL
        SELECT CASE WHEN e.is_out THEN 'stock_outs' ELSE 'stock_restocks' END, '', '',
               CASE WHEN e.is_edge THEN 1 ELSE -1 END, 0, 0 FROM unnest(turned) AS e)
    AS c (metric, label, currency, events, units, amount_minor)
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (metric, label, currency) DO UPDATE SET
    events = t.events + excluded.events, units = t.units + excluded.units,
    amount_minor = t.amount_minor + excluded.amount_minor;

  IF lines IS NOT NULL THEN
    INSERT INTO daily_products AS p (day, sku, currency, title, titled_at, units, units_returned, amount_minor)
    SELECT l.day, l.sku, l.currency, (array_agg(l.title ORDER BY l.occurred_at DESC, l.title DESC))[1], max(l.occurred_at),
           coalesce(sum(l.units) FILTER (WHERE NOT l.is_return), 0), coalesce(sum(l.units) FILTER (WHERE l.is_return), 0),
           sum(l.amount_minor)
    FROM unnest(lines) AS l
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (day, sku, currency) DO UPDATE SET
      title = CASE WHEN (excluded.titled_at, excluded.title) > (p.titled_at, p.title) THEN excluded.title ELSE p.title END,
      titled_at = greatest(p.titled_at, excluded.titled_at), units = p.units + excluded.units,
      units_returned = p.units_returned + excluded.units_returned, amount_minor = p.amount_minor + excluded.amount_minor;
  END IF;

  INSERT INTO customer_months AS m (customer, month, orders)
  SELECT f.customer, date_trunc('month', f.occurred_at AT TIME ZONE 'UTC')::date, count(*)
  FROM unnest(added) AS f WHERE f.customer IS NOT NULL
  GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (customer, month) DO UPDATE SET orders = m.orders + excluded.orders;
END
$$;

-- Forgets what only guards against late and repeated events and is older than any redelivery, at most `batch_size` rows
-- of each kind a call: inbox entries (facts keep their event id, so that even a later replay cannot count twice),
-- observations that are no edge, and which pseudonym a deleted account had. Returns how many went.
CREATE OR REPLACE FUNCTION forget_old_events(batch_size int) RETURNS int
LANGUAGE sql VOLATILE AS $$
  WITH events AS (
    DELETE FROM inbox WHERE event_id IN (
      SELECT event_id FROM inbox WHERE received_at < now() - interval '7 days'
      ORDER BY received_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  ), observations AS (
    DELETE FROM stock_facts WHERE NOT is_edge AND (sku, at, event_id) IN (
      SELECT sku, at, event_id FROM stock_facts WHERE NOT is_edge AND received_at < now() - interval '8 days'
      ORDER BY received_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  ), pseudonyms AS (
    UPDATE forgotten SET pseudonym = NULL WHERE id_hash IN (
      SELECT id_hash FROM forgotten WHERE pseudonym IS NOT NULL AND forgotten_at < now() - interval '8 days'
      ORDER BY forgotten_at LIMIT batch_size FOR UPDATE SKIP LOCKED)
    RETURNING 1
  )
  SELECT ((SELECT count(*) FROM events) + (SELECT count(*) FROM observations) + (SELECT count(*) FROM pseudonyms))::int
$$;
