-- Facts and what is counted from them. A fact is one event, boiled down to what is counted; it holds no personal data.
-- The aggregates are sums over facts, so `recount_differences` can prove them and `recount` can make them again.

-- Which facts there are, and from which events they come.
CREATE TABLE metrics (
  metric text COLLATE "C" PRIMARY KEY,
  event_type text NOT NULL UNIQUE
);
INSERT INTO metrics (metric, event_type) VALUES
  ('sign_ups', 'user.registered'),
  ('accounts_deleted', 'user.deleted'),
  ('orders_placed', 'order.placed'),
  ('orders_rejected', 'order.rejected'),
  ('payments_requested', 'order.payment_requested'),
  ('orders_confirmed', 'order.confirmed'),
  ('orders_cancelled', 'order.cancelled'),
  ('orders_shipped', 'order.shipped'),
  ('orders_delivered', 'order.delivered'),
  ('payments_captured', 'payment.captured'),
  ('payments_declined', 'payment.declined'),
  ('payments_unknown', 'payment.unknown'),
  ('payments_refunded', 'payment.refunded'),
  ('mails_queued', 'notification.queued');

-- `label` is the reason or the template where the event has one. Amounts in minor units, 0 without a currency.
CREATE TABLE facts (
  event_id uuid PRIMARY KEY,
  metric text COLLATE "C" NOT NULL,
  label text COLLATE "C" NOT NULL DEFAULT '',
  occurred_at timestamptz NOT NULL,
  key text NOT NULL,
  currency text COLLATE "C" NOT NULL DEFAULT '' CHECK (currency ~ '^([A-Z]{3})?$'),
  amount_minor bigint NOT NULL DEFAULT 0,
  units bigint NOT NULL DEFAULT 0 CHECK (units >= 0),
  CONSTRAINT facts_amount_has_a_currency CHECK (amount_minor = 0 OR currency <> '')
);

-- The lines of confirmed orders.
CREATE TABLE fact_lines (
  event_id uuid NOT NULL,
  line int NOT NULL,
  day date NOT NULL,
  sku text COLLATE "C" NOT NULL,
  title text NOT NULL,
  currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  units bigint NOT NULL CHECK (units > 0),
  amount_minor bigint NOT NULL,
  PRIMARY KEY (event_id, line)
);

-- Sums per hour (UTC).
CREATE TABLE hourly (
  hour timestamptz NOT NULL CHECK (date_trunc('hour', hour AT TIME ZONE 'UTC') = hour AT TIME ZONE 'UTC'),
  metric text COLLATE "C" NOT NULL,
  label text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  events bigint NOT NULL,
  units bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (hour, metric, label, currency)
) WITH (fillfactor = 50);

-- Sums since the beginning, for /metrics: what a scrape costs does not grow with the years.
CREATE TABLE totals (
  metric text COLLATE "C" NOT NULL,
  label text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  events bigint NOT NULL,
  units bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (metric, label, currency)
) WITH (fillfactor = 50);

-- What was sold per day (UTC): the lines of confirmed orders. `title` is the last one seen.
CREATE TABLE daily_products (
  day date NOT NULL,
  sku text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  title text NOT NULL,
  units bigint NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (day, sku, currency)
) WITH (fillfactor = 70);
