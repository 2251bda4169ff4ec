-- The reports, each as one JSON document. Periods are [from, until), already cut to whole hours, days or months in UTC.
-- Each report reads its sums once, however many buckets it shows.

-- Of `part` in `whole`, from 0 on, to four digits; null where there is no whole.
CREATE FUNCTION rate(part numeric, whole numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT round(part / nullif(whole, 0), 4) $$;

-- One currency's part of a report; `ordered` is what the confirmed orders came to.
CREATE FUNCTION revenue_entry(currency text, orders bigint, ordered bigint, captured bigint, refunded bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('orders', orders, 'average_order', CASE WHEN orders > 0 THEN money_json(round(ordered::numeric / orders)::bigint, currency) END,
    'captured', money_json(captured, currency), 'refunded', money_json(refunded, currency),
    'net', money_json(captured - refunded, currency))
$$;

-- The buckets of a period: hours, days or months.
CREATE FUNCTION buckets(width text, from_time timestamptz, until_time timestamptz) RETURNS SETOF timestamptz
LANGUAGE sql STABLE AS $$
  SELECT s AT TIME ZONE 'UTC'
  FROM generate_series(from_time AT TIME ZONE 'UTC', (until_time AT TIME ZONE 'UTC') - ('1 ' || width)::interval,
                       ('1 ' || width)::interval) AS s
$$;

DROP FUNCTION report_summary(timestamptz, timestamptz);
DROP FUNCTION report_sales(text, timestamptz, timestamptz);
DROP FUNCTION revenue_json(timestamptz, timestamptz);
DROP FUNCTION report_top_products(date, date, int);

-- The figures of any period.
CREATE FUNCTION report_figures(from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH s AS MATERIALIZED (
    SELECT metric, currency, sum(events)::bigint AS events, sum(units)::bigint AS units, sum(amount_minor)::bigint AS amount
    FROM hourly WHERE hour >= from_time AND hour < until_time GROUP BY metric, currency
  ), c AS MATERIALIZED (
    SELECT m.metric, coalesce(sum(s.events), 0)::bigint AS events, coalesce(sum(s.units), 0)::bigint AS units
    FROM metrics m LEFT JOIN s USING (metric) GROUP BY m.metric
  ), money AS (
    SELECT currency,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_confirmed'), 0)::bigint AS orders,
           coalesce(sum(amount) FILTER (WHERE metric = 'orders_confirmed'), 0)::bigint AS ordered,
           coalesce(sum(amount) FILTER (WHERE metric = 'payments_captured'), 0)::bigint AS captured,
           coalesce(sum(amount) FILTER (WHERE metric = 'payments_refunded'), 0)::bigint AS refunded
    FROM s WHERE currency <> '' AND metric IN ('orders_confirmed', 'payments_captured', 'payments_refunded') GROUP BY currency
  ), n AS (
    SELECT jsonb_object_agg(metric, events) AS events, jsonb_object_agg(metric, units) AS units FROM c
  )
  SELECT jsonb_build_object(
    'from', rfc3339(from_time), 'to', rfc3339(until_time),
    'carts_started', n.events -> 'carts_started',
    'orders', (SELECT jsonb_object_agg(substr(metric, 8), events) FROM c WHERE metric LIKE 'orders\_%'),
    'payments', (SELECT jsonb_object_agg(substr(metric, 10), events) FROM c WHERE metric LIKE 'payments\_%'),
    -- Of the attempts with a known end; null while there is none.
    'payment_success_rate', rate((n.events ->> 'payments_captured')::numeric,
      (n.events ->> 'payments_captured')::numeric + (n.events ->> 'payments_declined')::numeric),
    'revenue', (SELECT coalesce(jsonb_agg(revenue_entry(currency, orders, ordered, captured, refunded) ORDER BY currency), '[]') FROM money),
    'units_sold', n.units -> 'orders_confirmed', 'units_returned', n.units -> 'orders_returned',
    'returns_requested', n.events -> 'returns_requested', 'stock_outs', n.events -> 'stock_outs',
    'sign_ups', n.events -> 'sign_ups', 'accounts_deleted', n.events -> 'accounts_deleted',
    'mails_queued', n.events -> 'mails_queued')
  FROM n
$$;

-- By how much each figure grew from `before` to `current`, as a part of `before`; null where there was nothing.
CREATE FUNCTION growth(current jsonb, before jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('current', current, 'before', before, 'change', (
    SELECT jsonb_object_agg(name, rate((current #>> path)::numeric - (before #>> path)::numeric, (before #>> path)::numeric))
    FROM (VALUES ('carts_started', '{carts_started}'::text[]), ('orders_placed', '{orders,placed}'), ('orders_confirmed', '{orders,confirmed}'),
                 ('units_sold', '{units_sold}'), ('sign_ups', '{sign_ups}')) AS f (name, path))
    || jsonb_build_object('revenue', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'currency', currency, 'net', rate(coalesce(now.net, 0) - past.net, abs(past.net))) ORDER BY currency), '[]')
      FROM (SELECT r #>> '{net,currency}' AS currency, (r #>> '{net,amount_minor}')::numeric AS net
            FROM jsonb_array_elements(current -> 'revenue') AS r) AS now
      FULL JOIN (SELECT r #>> '{net,currency}' AS currency, (r #>> '{net,amount_minor}')::numeric AS net
                 FROM jsonb_array_elements(before -> 'revenue') AS r) AS past USING (currency))))
$$;

-- What a back office opens with. Each period has the one before it: today the same hours of yesterday, the last 7 and 30
-- days (as many times 24 hours, up to the end of this hour) as many days before them.
CREATE FUNCTION report_summary(at timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH t AS (
    SELECT date_trunc('day', at, 'UTC') AS today, date_trunc('hour', at, 'UTC') + interval '1 hour' AS until, interval '24 hours' AS day
  )
  SELECT jsonb_build_object('as_of', rfc3339(at),
    'today', growth(report_figures(today, until), report_figures(today - day, until - day)),
    'yesterday', growth(report_figures(today - day, today), report_figures(today - 2 * day, today - day)),
    'last_7_days', growth(report_figures(until - 7 * day, until), report_figures(until - 14 * day, until - 7 * day)),
    'last_30_days', growth(report_figures(until - 30 * day, until), report_figures(until - 60 * day, until - 30 * day)))
  FROM t
$$;

-- One item for every bucket of the period, also where nothing happened.
CREATE FUNCTION report_sales(width text, from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH counted AS MATERIALIZED (
    SELECT date_trunc(width, hour, 'UTC') AS start, currency,
           coalesce(sum(events) FILTER (WHERE metric = 'carts_started'), 0)::bigint AS carts,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_placed'), 0)::bigint AS placed,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_confirmed'), 0)::bigint AS confirmed,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_rejected'), 0)::bigint AS rejected,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_cancelled'), 0)::bigint AS cancelled,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_returned'), 0)::bigint AS returned,
           coalesce(sum(units) FILTER (WHERE metric = 'orders_confirmed'), 0)::bigint AS units,
           coalesce(sum(amount_minor) FILTER (WHERE metric = 'orders_confirmed'), 0)::bigint AS ordered,
           coalesce(sum(amount_minor) FILTER (WHERE metric = 'payments_captured'), 0)::bigint AS captured,
           coalesce(sum(amount_minor) FILTER (WHERE metric = 'payments_refunded'), 0)::bigint AS refunded
    FROM hourly WHERE hour >= from_time AND hour < until_time GROUP BY 1, 2
  ), item AS (
    SELECT b.start, coalesce(sum(carts), 0) AS carts, coalesce(sum(placed), 0) AS placed, coalesce(sum(confirmed), 0) AS confirmed,
           coalesce(sum(rejected), 0) AS rejected, coalesce(sum(cancelled), 0) AS cancelled, coalesce(sum(returned), 0) AS returned,
           coalesce(sum(units), 0) AS units,
           coalesce(jsonb_agg(revenue_entry(currency, confirmed, ordered, captured, refunded) ORDER BY currency)
             FILTER (WHERE currency <> '' AND (confirmed, captured, refunded) <> (0, 0, 0)), '[]') AS revenue
    FROM buckets(width, from_time, until_time) AS b (start) LEFT JOIN counted c USING (start) GROUP BY b.start
  )
  SELECT jsonb_build_object('by', width, 'from', rfc3339(from_time), 'to', rfc3339(until_time),
    'items', coalesce(jsonb_agg(jsonb_build_object(
      'start', rfc3339(start), 'carts_started', carts, 'orders_placed', placed, 'orders_confirmed', confirmed,
      'orders_rejected', rejected, 'orders_cancelled', cancelled, 'orders_returned', returned, 'units', units,
      'revenue', revenue) ORDER BY start), '[]'))
  FROM item
$$;

-- How payments ended, over time and in all, and why some were declined.
CREATE FUNCTION report_payments(width text, from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH s AS MATERIALIZED (
    SELECT date_trunc(width, hour, 'UTC') AS start, metric, label, sum(events)::bigint AS events
    FROM hourly WHERE hour >= from_time AND hour < until_time AND metric LIKE 'payments\_%' GROUP BY 1, 2, 3
  ), kind AS (
    SELECT metric, substr(metric, 10) AS name FROM metrics WHERE metric LIKE 'payments\_%'
  ), bucket AS (
    SELECT b.start, k.metric, k.name, coalesce(sum(s.events), 0)::bigint AS events
    FROM buckets(width, from_time, until_time) AS b (start) CROSS JOIN kind k LEFT JOIN s USING (start, metric)
    GROUP BY b.start, k.metric, k.name
  ), item AS (
    SELECT start, jsonb_object_agg(name, events) || jsonb_build_object('success_rate', rate(
             sum(events) FILTER (WHERE name = 'captured'),
             sum(events) FILTER (WHERE name IN ('captured', 'declined')))) AS outcomes
    FROM bucket GROUP BY start
  ), whole AS (
    SELECT k.name, coalesce(sum(s.events), 0)::bigint AS events FROM kind k LEFT JOIN s USING (metric) GROUP BY k.name
  )
  SELECT jsonb_build_object('by', width, 'from', rfc3339(from_time), 'to', rfc3339(until_time),
    'total', (SELECT jsonb_object_agg(name, events) || jsonb_build_object('success_rate', rate(
                sum(events) FILTER (WHERE name = 'captured'),
                sum(events) FILTER (WHERE name IN ('captured', 'declined')))) FROM whole),
    'declines', (SELECT coalesce(jsonb_agg(jsonb_build_object('reason', label, 'payments', events)
                                           ORDER BY events DESC, label), '[]')
                 FROM (SELECT label, sum(events)::bigint AS events FROM s WHERE metric = 'payments_declined'
                       GROUP BY label) AS d),
    'items', coalesce(jsonb_agg(jsonb_build_object('start', rfc3339(start)) || outcomes ORDER BY start), '[]'))
  FROM item
$$;

-- What came back: returns, refunds, and the SKUs with the most pieces returned. `most` bounds the SKUs.
CREATE FUNCTION report_returns(width text, from_time timestamptz, until_time timestamptz, most int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH counted AS MATERIALIZED (
    SELECT date_trunc(width, hour, 'UTC') AS start, currency,
           coalesce(sum(events) FILTER (WHERE metric = 'returns_requested'), 0)::bigint AS requested,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_returned'), 0)::bigint AS returned,
           coalesce(sum(units) FILTER (WHERE metric = 'orders_returned'), 0)::bigint AS units,
           coalesce(sum(events) FILTER (WHERE metric = 'orders_confirmed'), 0)::bigint AS confirmed,
           coalesce(sum(events) FILTER (WHERE metric = 'payments_refunded'), 0)::bigint AS refunds,
           coalesce(sum(events) FILTER (WHERE metric = 'payments_refund_failed'), 0)::bigint AS failed,
           coalesce(sum(amount_minor) FILTER (WHERE metric = 'payments_refunded'), 0)::bigint AS refunded
    FROM hourly WHERE hour >= from_time AND hour < until_time
      AND metric IN ('returns_requested', 'orders_returned', 'orders_confirmed', 'payments_refunded', 'payments_refund_failed')
    GROUP BY 1, 2
  ), by_start AS (
    SELECT b.start, c.* FROM buckets(width, from_time, until_time) AS b (start) LEFT JOIN (SELECT start AS at, currency, requested, returned, units, confirmed, refunds, failed, refunded FROM counted) AS c ON c.at = b.start
  ), item AS (
    SELECT start, jsonb_build_object('returns_requested', coalesce(sum(requested), 0), 'orders_returned', coalesce(sum(returned), 0),
      'units_returned', coalesce(sum(units), 0), 'refunds', coalesce(sum(refunds), 0), 'refunds_failed', coalesce(sum(failed), 0),
      'return_rate', rate(sum(returned), sum(confirmed)),
      'refunded', coalesce(jsonb_agg(money_json(refunded, currency) ORDER BY currency) FILTER (WHERE refunded <> 0), '[]')) AS figures
    FROM by_start GROUP BY start
  ), whole AS (
    SELECT coalesce(sum(requested), 0) AS requested, coalesce(sum(returned), 0) AS returned, coalesce(sum(units), 0) AS units,
           coalesce(sum(refunds), 0) AS refunds, coalesce(sum(failed), 0) AS failed, rate(sum(returned), sum(confirmed)) AS return_rate
    FROM counted
  )
  SELECT jsonb_build_object('by', width, 'from', rfc3339(from_time), 'to', rfc3339(until_time),
    'total', (SELECT jsonb_build_object('returns_requested', requested, 'orders_returned', returned, 'units_returned', units,
        'refunds', refunds, 'refunds_failed', failed, 'return_rate', return_rate, 'refunded',
        (SELECT coalesce(jsonb_agg(money_json(amount, currency) ORDER BY currency), '[]')
         FROM (SELECT currency, sum(refunded)::bigint AS amount FROM counted GROUP BY currency HAVING sum(refunded) <> 0) AS m)) FROM whole),
    'products', (SELECT coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'title', title, 'units_returned', returned,
          'units_sold', sold) ORDER BY returned DESC, sku), '[]')
        FROM (SELECT sku, (array_agg(title ORDER BY titled_at DESC, title DESC))[1] AS title, sum(units_returned)::bigint AS returned, sum(units)::bigint AS sold
              FROM daily_products
              WHERE day >= (from_time AT TIME ZONE 'UTC')::date AND day < (until_time AT TIME ZONE 'UTC' + interval '23:59:59')::date
              GROUP BY sku HAVING sum(units_returned) > 0 ORDER BY sum(units_returned) DESC, sku LIMIT most) AS back),
    'items', coalesce(jsonb_agg(jsonb_build_object('start', rfc3339(start)) || figures ORDER BY start), '[]'))
  FROM item
$$;

-- What sold best: `sort` is units or revenue. Amounts of different currencies are not comparable, so an only currency
-- can be asked for.
CREATE FUNCTION report_top_products(from_day date, until_day date, sort text, only_currency text, most int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('from', from_day, 'to', until_day, 'sort', sort, 'items', coalesce(jsonb_agg(jsonb_build_object(
           'sku', sku, 'title', title, 'units', units, 'units_returned', returned, 'revenue', money_json(amount, currency))
           ORDER BY CASE sort WHEN 'units' THEN units ELSE amount END DESC, sku, currency), '[]'))
  FROM (SELECT sku, currency, (array_agg(title ORDER BY titled_at DESC, title DESC))[1] AS title, sum(units)::bigint AS units,
               sum(units_returned)::bigint AS returned, sum(amount_minor)::bigint AS amount
        FROM daily_products
        WHERE day >= from_day AND day < until_day AND currency <> '' AND (only_currency IS NULL OR currency = only_currency)
        GROUP BY sku, currency HAVING sum(units) > 0
        ORDER BY CASE sort WHEN 'units' THEN sum(units) ELSE sum(amount_minor) END DESC, sku, currency LIMIT most) AS best
$$;

-- How many carts and orders reached each stage within the period, and where and why others left.
CREATE OR REPLACE FUNCTION report_funnel(from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH reached AS MATERIALIZED (
    SELECT metric, label, sum(events)::bigint AS events
    FROM hourly WHERE hour >= from_time AND hour < until_time GROUP BY metric, label
  ), stage AS MATERIALIZED (
    SELECT s.n, s.stage, (SELECT coalesce(sum(r.events), 0)::bigint FROM reached r WHERE r.metric = s.metric) AS count
    FROM (VALUES (1, 'cart', 'carts_started'), (2, 'placed', 'orders_placed'), (3, 'reserved', 'payments_requested'),
                 (4, 'paid', 'payments_captured'), (5, 'confirmed', 'orders_confirmed'), (6, 'shipped', 'orders_shipped'),
                 (7, 'delivered', 'orders_delivered')) AS s (n, stage, metric)
  ), loss AS (
    SELECT o.outcome, r.label AS reason, r.events AS count
    FROM reached r JOIN (VALUES ('orders_rejected', 'rejected'), ('orders_cancelled', 'cancelled'), ('orders_returned', 'returned'),
                                ('payments_declined', 'payment_declined')) AS o (metric, outcome) USING (metric)
    UNION ALL
    SELECT 'cart_left', '', cart.count - placed.count FROM stage cart, stage placed
    WHERE cart.stage = 'cart' AND placed.stage = 'placed' AND cart.count > placed.count
  )
  SELECT jsonb_build_object('from', rfc3339(from_time), 'to', rfc3339(until_time),
    'stages', (SELECT jsonb_agg(jsonb_build_object('stage', stage, 'count', count, 'of_previous', of_previous, 'of_first', of_first) ORDER BY n)
               FROM (SELECT n, stage, count, rate(count, lag(count) OVER (ORDER BY n)) AS of_previous,
                            rate(count, first_value(count) OVER (ORDER BY n)) AS of_first FROM stage) AS s),
    'losses', (SELECT coalesce(jsonb_agg(jsonb_build_object('outcome', outcome, 'reason', reason, 'count', count)
                                         ORDER BY count DESC, outcome, reason), '[]') FROM loss))
$$;

-- When SKUs were out of stock within the period: how often, how long, and which are still. `at` is the present: what lies
-- after it has not happened yet. The SKUs that were out longest come first, `most` of them.
CREATE FUNCTION report_stock_outs(from_time timestamptz, until_time timestamptz, at timestamptz, most int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH edge AS (
    SELECT s.sku, s.is_out, s.at AS started, lead(s.at) OVER (PARTITION BY s.sku ORDER BY s.at, s.event_id) AS ended
    FROM stock_facts s WHERE s.is_edge AND s.at < until_time
  ), episode AS MATERIALIZED (
    SELECT sku, started, started >= from_time AS is_new, ended IS NULL AS is_open,
           greatest(extract(epoch FROM least(ended, until_time, at) - greatest(started, from_time)), 0) AS seconds
    FROM edge WHERE is_out AND coalesce(ended > from_time, true)
  ), by_sku AS MATERIALIZED (
    SELECT sku, count(*) FILTER (WHERE is_new) AS stock_outs, round(sum(seconds))::bigint AS seconds_out,
           round(max(seconds))::bigint AS longest_seconds, max(started) FILTER (WHERE is_open) AS out_since
    FROM episode GROUP BY sku
  )
  SELECT jsonb_build_object('from', rfc3339(from_time), 'to', rfc3339(until_time),
    'stock_outs', (SELECT coalesce(sum(stock_outs), 0) FROM by_sku), 'skus', (SELECT count(*) FROM by_sku),
    'skus_out', (SELECT count(out_since) FROM by_sku), 'seconds_out', (SELECT coalesce(sum(seconds_out), 0) FROM by_sku),
    'low_warnings', (SELECT coalesce(sum(events), 0) FROM hourly
                     WHERE metric = 'stock_lows' AND hour >= from_time AND hour < until_time),
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'stock_outs', stock_outs, 'seconds_out', seconds_out,
                'longest_seconds', longest_seconds, 'out_since', rfc3339(out_since)) ORDER BY seconds_out DESC, sku), '[]')
              FROM (SELECT * FROM by_sku ORDER BY seconds_out DESC, sku LIMIT most) AS worst))
$$;

-- Customers by the month of their first confirmed order, and how many of them ordered in each later month. Months are
-- [from, until), and nothing after `until` is shown.
CREATE FUNCTION report_cohorts(from_month date, until_month date) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH active AS MATERIALIZED (
    SELECT customer, month, orders, min(month) OVER (PARTITION BY customer) AS first_month
    FROM customer_months WHERE month < until_month
  ), member AS MATERIALIZED (
    SELECT first_month, month, count(*) AS customers FROM active WHERE first_month >= from_month GROUP BY first_month, month
  ), again AS (
    SELECT first_month, count(*) AS customers FROM (
      SELECT first_month, customer FROM active WHERE first_month >= from_month
      GROUP BY first_month, customer HAVING sum(orders) > 1) AS c GROUP BY first_month
  ), cohort AS (
    SELECT c.month::date AS month, coalesce(m.customers, 0) AS customers, coalesce(a.customers, 0) AS ordered_again
    FROM generate_series(from_month::timestamp, until_month::timestamp - interval '1 month', interval '1 month') AS c (month)
    LEFT JOIN member m ON m.first_month = c.month AND m.month = c.month
    LEFT JOIN again a ON a.first_month = c.month
  )
  SELECT jsonb_build_object('from', to_char(from_month, 'YYYY-MM'), 'to', to_char(until_month, 'YYYY-MM'),
    'items', coalesce(jsonb_agg(jsonb_build_object('month', to_char(c.month, 'YYYY-MM'), 'customers', c.customers,
      'ordered_again', c.ordered_again, 'later_months', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('months_after', l.n, 'customers', coalesce(m.customers, 0),
                 'rate', rate(coalesce(m.customers, 0), c.customers)) ORDER BY l.n), '[]')
        FROM (SELECT n, (c.month + make_interval(months => n))::date AS month
              FROM generate_series(1, (extract(year FROM age(until_month, c.month)) * 12 + extract(month FROM age(until_month, c.month)))::int - 1) AS n) AS l
        LEFT JOIN member m ON m.first_month = c.month AND m.month = l.month)) ORDER BY c.month), '[]'))
  FROM cohort c
$$;
