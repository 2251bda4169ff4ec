-- What carts, returns, authorisations, stock and returning customers need beside the facts of V1.

INSERT INTO metrics (metric, event_type) VALUES
  ('carts_started', 'cart.started'),
  ('returns_requested', 'order.return_requested'),
  ('orders_returned', 'order.returned'),
  ('refunds_requested', 'order.refund_requested'),
  ('payments_authorized', 'payment.authorized'),
  ('payments_voided', 'payment.voided'),
  ('payments_refund_failed', 'payment.refund_failed'),
  ('stock_lows', 'stock.low'),
  -- Not a fact by itself: `stock_facts` decides which changes begin or end a stock-out.
  ('stock_outs', 'stock.changed');

-- Who bought, on confirmed orders only: what cohorts are counted by. A random number instead of the account's id once
-- that account is deleted. `key` is the order that a fact is about, and empty on all other facts: the key of an event of
-- an account is the account.
ALTER TABLE facts ADD customer uuid;
CREATE INDEX facts_customer ON facts (customer) WHERE customer IS NOT NULL;
UPDATE facts SET key = '' WHERE metric IN ('sign_ups', 'accounts_deleted', 'mails_queued');

-- Accounts that were deleted, as the hash of their id. An order of theirs that is heard of late is counted for the
-- pseudonym that their earlier orders have. After the longest redelivery the pseudonym goes: the hash then links to
-- nothing and only keeps the id from coming back.
CREATE TABLE forgotten (
  id_hash bytea PRIMARY KEY,
  pseudonym uuid,
  forgotten_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX forgotten_recently ON forgotten (forgotten_at) WHERE pseudonym IS NOT NULL;

-- Lines of returned orders stand beside those of confirmed ones; they have no price.
ALTER TABLE fact_lines ADD is_return boolean NOT NULL DEFAULT false;
ALTER TABLE fact_lines ADD occurred_at timestamptz;
UPDATE fact_lines l SET occurred_at = f.occurred_at FROM facts f WHERE f.event_id = l.event_id;
ALTER TABLE fact_lines ALTER occurred_at SET NOT NULL;
ALTER TABLE fact_lines DROP CONSTRAINT fact_lines_currency_check;
ALTER TABLE fact_lines ADD CONSTRAINT fact_lines_currency_check
  CHECK (currency ~ '^[A-Z]{3}$' OR is_return AND currency = '');

-- `title` is the newest one of the day, which does not depend on the order in which events arrive.
ALTER TABLE daily_products ADD units_returned bigint NOT NULL DEFAULT 0;
ALTER TABLE daily_products ADD titled_at timestamptz NOT NULL DEFAULT '-infinity';

-- Orders of one customer in one month (UTC).
CREATE TABLE customer_months (
  customer uuid NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  orders bigint NOT NULL,
  PRIMARY KEY (customer, month)
) WITH (fillfactor = 70);

-- What is known about the stock of a SKU over time. `is_edge`: it is out and the observation before was not, or the other
-- way round; edges come in pairs, out and back, and are all that reports look at. Observations between two edges are
-- kept until no late one can fall between them any more.
CREATE TABLE stock_facts (
  sku text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  event_id uuid NOT NULL,
  is_out boolean NOT NULL,
  is_edge boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sku, at, event_id)
);
CREATE INDEX stock_facts_edges ON stock_facts (sku, at, event_id) WHERE is_edge;
CREATE INDEX stock_facts_redundant ON stock_facts (received_at) WHERE NOT is_edge;
