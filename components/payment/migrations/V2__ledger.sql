-- The ledger: double entry, append only. Each transfer is one capture or one refund; its entries sum to zero.
-- `gateway` is what the payment provider owes the shop, `sales` what the shop earned (a credit, so negative).

CREATE TABLE ledger_entries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transfer_id uuid NOT NULL,
  order_id uuid NOT NULL REFERENCES captures,
  kind text NOT NULL CHECK (kind IN ('capture', 'refund')),
  account text NOT NULL CHECK (account IN ('gateway', 'sales')),
  -- Debits are positive, credits negative.
  amount_minor bigint NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- One transfer of a kind per order, one entry per account in it.
  UNIQUE (order_id, kind, account)
);

-- An order has one transfer of each kind, so its entries of that kind must balance; a transfer is written in one
-- statement.
CREATE FUNCTION ledger_must_balance() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  wrong uuid;
BEGIN
  SELECT e.order_id INTO wrong
  FROM (SELECT DISTINCT f.order_id, f.kind FROM fresh f) AS f JOIN ledger_entries e USING (order_id, kind)
  GROUP BY e.order_id, e.kind
  HAVING sum(e.amount_minor) <> 0 OR count(*) < 2 OR count(DISTINCT (e.transfer_id, e.currency)) > 1
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'a ledger transfer of order % does not balance', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER ledger_balance AFTER INSERT ON ledger_entries
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_must_balance();

CREATE FUNCTION ledger_is_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append only; correct it with another transfer'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_append_only';
END
$$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
