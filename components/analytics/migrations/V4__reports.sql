-- The reports, each as one JSON document. Periods are [from, until), already cut to whole hours or days in UTC.

CREATE FUNCTION money_json(amount_minor bigint, currency text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object('amount_minor', amount_minor, 'currency', currency)
$$;

-- Money taken and given back, one entry per currency.
CREATE FUNCTION revenue_json(from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object(
           'captured', money_json(captured, currency), 'refunded', money_json(refunded, currency),
           'net', money_json(captured - refunded, currency)) ORDER BY currency), '[]')
  FROM (SELECT currency,
               coalesce(sum(amount_minor) FILTER (WHERE metric = 'payments_captured'), 0)::bigint AS captured,
               coalesce(sum(amount_minor) FILTER (WHERE metric = 'payments_refunded'), 0)::bigint AS refunded
        FROM hourly
        WHERE hour >= from_time AND hour < until_time AND metric IN ('payments_captured', 'payments_refunded')
        GROUP BY currency) AS by_currency
$$;

CREATE FUNCTION report_summary(from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH n AS (
    SELECT coalesce(jsonb_object_agg(metric, events), '{}') AS events, coalesce(max(units_sold), 0) AS units_sold
    FROM (SELECT metric, sum(events)::bigint AS events,
                 CASE metric WHEN 'orders_confirmed' THEN sum(units)::bigint END AS units_sold
          FROM hourly WHERE hour >= from_time AND hour < until_time GROUP BY metric) AS by_metric
  ), c AS (
    SELECT m.metric, coalesce((n.events ->> m.metric)::bigint, 0) AS events FROM metrics m, n
  )
  SELECT jsonb_build_object(
    'from', rfc3339(from_time), 'to', rfc3339(until_time),
    'orders', (SELECT jsonb_object_agg(substr(metric, 8), events) FROM c WHERE metric LIKE 'orders\_%'),
    'payments', (SELECT jsonb_object_agg(substr(metric, 10), events) FROM c WHERE metric LIKE 'payments\_%'),
    -- Of the attempts with a known end; null while there is none.
    'payment_success_rate', (SELECT round(sum(events) FILTER (WHERE metric = 'payments_captured') / nullif(sum(events), 0), 4)
                             FROM c WHERE metric IN ('payments_captured', 'payments_declined')),
    'revenue', revenue_json(from_time, until_time),
    'units_sold', n.units_sold,
    'sign_ups', (SELECT events FROM c WHERE metric = 'sign_ups'),
    'accounts_deleted', (SELECT events FROM c WHERE metric = 'accounts_deleted'),
    'mails_queued', (SELECT events FROM c WHERE metric = 'mails_queued'))
  FROM n
$$;

-- One item for every hour or day of the period, also where nothing happened.
CREATE FUNCTION report_sales(width text, from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH bucket AS (
    SELECT start, start + ('1 ' || width)::interval AS until
    FROM generate_series(from_time, until_time - ('1 ' || width)::interval, ('1 ' || width)::interval) AS start
  ), counted AS (
    SELECT b.start, b.until,
           coalesce(sum(h.events) FILTER (WHERE h.metric = 'orders_placed'), 0)::bigint AS placed,
           coalesce(sum(h.events) FILTER (WHERE h.metric = 'orders_confirmed'), 0)::bigint AS confirmed,
           coalesce(sum(h.events) FILTER (WHERE h.metric = 'orders_rejected'), 0)::bigint AS rejected,
           coalesce(sum(h.events) FILTER (WHERE h.metric = 'orders_cancelled'), 0)::bigint AS cancelled,
           coalesce(sum(h.units) FILTER (WHERE h.metric = 'orders_confirmed'), 0)::bigint AS units
    FROM bucket b LEFT JOIN hourly h ON h.hour >= b.start AND h.hour < b.until
    GROUP BY b.start, b.until
  )
  SELECT jsonb_build_object('by', width, 'from', rfc3339(from_time), 'to', rfc3339(until_time),
    'items', coalesce(jsonb_agg(jsonb_build_object(
      'start', rfc3339(start), 'orders_placed', placed, 'orders_confirmed', confirmed, 'orders_rejected', rejected,
      'orders_cancelled', cancelled, 'units', units, 'revenue', revenue_json(start, until)) ORDER BY start), '[]'))
  FROM counted
$$;

-- What sold best, by pieces in confirmed orders.
CREATE FUNCTION report_top_products(from_day date, until_day date, most int) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('from', from_day, 'to', until_day, 'items', coalesce(jsonb_agg(jsonb_build_object(
           'sku', sku, 'title', title, 'units', units, 'revenue', money_json(amount_minor, currency))
           ORDER BY units DESC, sku, currency), '[]'))
  FROM (SELECT sku, currency, (array_agg(title ORDER BY day DESC))[1] AS title, sum(units)::bigint AS units,
               sum(amount_minor)::bigint AS amount_minor
        FROM daily_products WHERE day >= from_day AND day < until_day
        GROUP BY sku, currency ORDER BY sum(units) DESC, sku, currency LIMIT most) AS best
$$;

-- How many orders reached each stage within the period, and where and why others left.
CREATE FUNCTION report_funnel(from_time timestamptz, until_time timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH reached AS (
    SELECT metric, label, sum(events)::bigint AS events
    FROM hourly WHERE hour >= from_time AND hour < until_time GROUP BY metric, label
  )
  SELECT jsonb_build_object('from', rfc3339(from_time), 'to', rfc3339(until_time),
    'stages', (SELECT jsonb_agg(jsonb_build_object('stage', stage, 'orders',
                        (SELECT coalesce(sum(events), 0)::bigint FROM reached r WHERE r.metric = s.metric)) ORDER BY n)
               FROM (VALUES (1, 'placed', 'orders_placed'), (2, 'reserved', 'payments_requested'),
                            (3, 'paid', 'payments_captured'), (4, 'confirmed', 'orders_confirmed'),
                            (5, 'shipped', 'orders_shipped'), (6, 'delivered', 'orders_delivered')) AS s (n, stage, metric)),
    'losses', (SELECT coalesce(jsonb_agg(jsonb_build_object('outcome', o.outcome, 'reason', r.label, 'orders', r.events)
                                         ORDER BY r.events DESC, o.outcome, r.label), '[]')
               FROM reached r JOIN (VALUES ('orders_rejected', 'rejected'), ('orders_cancelled', 'cancelled'),
                                           ('payments_declined', 'payment_declined')) AS o (metric, outcome) USING (metric)))
$$;
