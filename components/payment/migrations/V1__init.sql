-- Payment: what is asked for, what was tried, what moved. The tables refuse what must never happen: an order is
-- captured at most once, refunded at most once and never for more than was captured, and the ledger always balances.

-- One per order. The path: pending, charging (a replica asks the gateway), then captured, declined or unknown (no
-- answer in time). `due_at` says when somebody has to do something: at once when pending, when the lease of the one
-- who works on it runs out, or when it is time to ask the gateway again.
CREATE TABLE intents (
  order_id uuid PRIMARY KEY,
  payment_id uuid NOT NULL DEFAULT uuid_v7(),
  number text,
  user_id uuid,
  attempt int CHECK (attempt > 0),
  amount_minor bigint CHECK (amount_minor >= 0),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  -- Forgotten as soon as it is needed no more.
  payment_token text,
  traceparent text,
  status text NOT NULL CHECK (status IN ('pending', 'charging', 'unknown', 'captured', 'declined', 'cancelled')),
  claims int NOT NULL DEFAULT 0,
  lookups int NOT NULL DEFAULT 0,
  due_at timestamptz,
  decline_code text,
  decline_message text,
  order_cancelled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at timestamptz,
  -- An order that was cancelled before it asked for money leaves a row without an amount, which is never charged.
  CONSTRAINT intents_complete CHECK (
    status = 'cancelled' OR num_nulls(number, user_id, attempt, amount_minor, currency) = 0),
  CONSTRAINT intents_due CHECK ((status IN ('pending', 'charging', 'unknown')) = (due_at IS NOT NULL)),
  CONSTRAINT intents_token CHECK ((status IN ('pending', 'charging', 'unknown')) = (payment_token IS NOT NULL)),
  CONSTRAINT intents_declined CHECK ((status = 'declined') = (decline_code IS NOT NULL)),
  CONSTRAINT intents_cancelled CHECK (status <> 'cancelled' OR order_cancelled_at IS NOT NULL)
);
CREATE INDEX intents_due_at ON intents (due_at) WHERE due_at IS NOT NULL;

-- What the gateway was asked, by the key that makes asking twice harmless.
CREATE TABLE attempts (
  attempt_key text PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES intents,
  outcome text NOT NULL DEFAULT 'started'
    CHECK (outcome IN ('started', 'captured', 'declined', 'unknown', 'not_charged')),
  code text,
  message text,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
);

-- Money that was taken: once per order, and each charge of the gateway for one order only.
CREATE TABLE captures (
  order_id uuid PRIMARY KEY REFERENCES intents,
  attempt_key text NOT NULL UNIQUE REFERENCES attempts,
  gateway_reference text NOT NULL UNIQUE,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  captured_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- So that a refund can refer to the amount, and be compared with it.
  UNIQUE (order_id, amount_minor, currency)
);

-- Money that is to be given back: once per order. It is asked for until the gateway has done it.
CREATE TABLE refunds (
  order_id uuid PRIMARY KEY,
  refund_key text NOT NULL UNIQUE,
  captured_minor bigint NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency text NOT NULL,
  reason text,
  traceparent text,
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'refunded')),
  tries int NOT NULL DEFAULT 0,
  due_at timestamptz DEFAULT clock_timestamp(),
  gateway_reference text UNIQUE,
  last_code text,
  last_message text,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  refunded_at timestamptz,
  CONSTRAINT refunds_within_capture CHECK (amount_minor <= captured_minor),
  CONSTRAINT refunds_capture FOREIGN KEY (order_id, captured_minor, currency)
    REFERENCES captures (order_id, amount_minor, currency),
  CONSTRAINT refunds_due CHECK ((status = 'requested') = (due_at IS NOT NULL)),
  CONSTRAINT refunds_done CHECK ((status = 'refunded') = (gateway_reference IS NOT NULL AND refunded_at IS NOT NULL))
);
CREATE INDEX refunds_due_at ON refunds (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX refunds_requested_at ON refunds (requested_at DESC, order_id DESC);
