-- Several refunds of one capture, each with an id of its own. That they never add up to more than was captured is
-- said by a constraint on the capture, whose row also makes those who refund it at once wait for each other.

ALTER TABLE captures
  -- What is to be given back and what was; a refund that failed for good counts no more. Kept by the trigger below.
  ADD COLUMN refunded_minor bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT refunds_sum_within_capture CHECK (refunded_minor BETWEEN 0 AND amount_minor);

ALTER TABLE refunds ADD COLUMN refund_id uuid, ADD COLUMN failed_at timestamptz;
UPDATE refunds SET refund_id = order_id;
UPDATE captures c SET refunded_minor = r.amount_minor FROM refunds r WHERE r.order_id = c.order_id;
DROP INDEX refunds_requested_at;
ALTER TABLE refunds
  DROP CONSTRAINT refunds_pkey,
  ADD PRIMARY KEY (refund_id),
  DROP CONSTRAINT refunds_status_check,
  ADD CONSTRAINT refunds_status_check CHECK (status IN ('requested', 'refunded', 'failed')),
  ADD CONSTRAINT refunds_failed CHECK ((status = 'failed') = (failed_at IS NOT NULL));
CREATE INDEX refunds_order_id ON refunds (order_id);
CREATE INDEX refunds_requested_at ON refunds (requested_at DESC, refund_id DESC);

CREATE FUNCTION refunds_count_against_capture() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  change bigint := 0;
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.status <> 'failed' THEN
    change := change - OLD.amount_minor;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.status <> 'failed' THEN
    change := change + NEW.amount_minor;
  END IF;
  IF change <> 0 THEN
    UPDATE captures SET refunded_minor = refunded_minor + change WHERE order_id = coalesce(NEW.order_id, OLD.order_id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER refunds_count AFTER INSERT OR DELETE OR UPDATE OF status, amount_minor ON refunds
  FOR EACH ROW EXECUTE FUNCTION refunds_count_against_capture();

-- In the ledger a transfer is the capture of an order, or one of its refunds. `refunds` is what went back of `sales`:
-- a debit, and so positive. (Refunds booked before this stand against `sales` itself.)
ALTER TABLE ledger_entries
  ADD COLUMN refund_id uuid REFERENCES refunds,
  DROP CONSTRAINT ledger_entries_account_check,
  ADD CONSTRAINT ledger_entries_account_check CHECK (account IN ('gateway', 'sales', 'refunds'));
-- Nothing that was booked changes: what was known by its order is now also known by the refund's own id.
ALTER TABLE ledger_entries DISABLE TRIGGER ledger_append_only;
UPDATE ledger_entries SET refund_id = order_id WHERE kind = 'refund';
ALTER TABLE ledger_entries ENABLE TRIGGER ledger_append_only;
ALTER TABLE ledger_entries
  ADD CONSTRAINT ledger_refund CHECK ((kind = 'refund') = (refund_id IS NOT NULL)),
  DROP CONSTRAINT ledger_entries_order_id_kind_account_key,
  -- One capture of an order, one transfer of a refund, one entry per account in each.
  ADD CONSTRAINT ledger_entries_once UNIQUE NULLS NOT DISTINCT (order_id, refund_id, account);

CREATE OR REPLACE FUNCTION ledger_must_balance() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  wrong uuid;
BEGIN
  SELECT e.order_id INTO wrong
  FROM (SELECT DISTINCT f.order_id, f.refund_id FROM fresh f) AS f
  JOIN ledger_entries e ON e.order_id = f.order_id AND e.refund_id IS NOT DISTINCT FROM f.refund_id
  GROUP BY e.order_id, e.refund_id
  HAVING sum(e.amount_minor) <> 0 OR count(*) < 2 OR count(DISTINCT (e.transfer_id, e.currency)) > 1
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'a ledger transfer of order % does not balance', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance';
  END IF;
  RETURN NULL;
END
$$;
