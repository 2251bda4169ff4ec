-- Work for the gateway: claimed by one replica at a time, and what came of it. Between the two no transaction is open;
-- who claims and dies leaves a lease behind, and when that has run out somebody else asks the gateway what happened.
--
-- The functions of this service look rows up by index whatever the planner thinks: a plan made while the tables were
-- empty would read all of them until statistics are there, and in the first minute of a busy shop they are not.

-- How long a claim lasts. Longer than a gateway may take to answer for a whole claim.
CREATE FUNCTION claim_lease() RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT interval '20 seconds' $$;

-- When to ask again after so many fruitless questions: 1 s, 2 s, 4 s ... 5 min.
CREATE FUNCTION retry_after(tries int) RETURNS interval
LANGUAGE sql IMMUTABLE AS $$ SELECT least(interval '1 second' * (2 ^ least(tries, 10)), interval '5 minutes') $$;

-- A charge that a crash interrupted before the gateway heard of it is made again, but not for ever.
CREATE FUNCTION max_claims() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 3 $$;

-- Takes up to `at_most` pieces of each kind: charges that nobody has begun, lookups of charges whose outcome is not
-- known, refunds.
CREATE FUNCTION claim_work(at_most int) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  claimed_work jsonb;
BEGIN
  WITH due AS (
    SELECT order_id, status AS was FROM intents
    WHERE due_at <= now()
    ORDER BY due_at LIMIT at_most FOR UPDATE SKIP LOCKED
  ), claimed AS (
    UPDATE intents i SET
      status = CASE due.was WHEN 'pending' THEN 'charging' ELSE due.was END,
      claims = i.claims + (due.was = 'pending')::int,
      lookups = i.lookups + (due.was <> 'pending')::int,
      due_at = clock_timestamp() + claim_lease()
    FROM due WHERE i.order_id = due.order_id
    RETURNING i.order_id, due.was, i.order_id || ':' || i.attempt AS attempt_key,
      i.payment_token, i.amount_minor, i.currency
  ), begun AS (
    INSERT INTO attempts (attempt_key, order_id) SELECT attempt_key, order_id FROM claimed WHERE was = 'pending'
    ON CONFLICT (attempt_key) DO NOTHING
  ), due_refunds AS (
    SELECT order_id FROM refunds
    WHERE due_at <= now()
    ORDER BY due_at LIMIT at_most FOR UPDATE SKIP LOCKED
  ), claimed_refunds AS (
    UPDATE refunds r SET tries = r.tries + 1, due_at = clock_timestamp() + claim_lease()
    FROM due_refunds d JOIN captures c USING (order_id) WHERE r.order_id = d.order_id
    RETURNING r.order_id, r.refund_key, c.gateway_reference, r.amount_minor, r.currency
  )
  SELECT coalesce(jsonb_agg(w.work), '[]') INTO claimed_work FROM (
    SELECT jsonb_build_object('kind', CASE was WHEN 'pending' THEN 'charge' ELSE 'lookup' END, 'order_id', order_id,
      'key', attempt_key, 'payment_token', payment_token, 'amount_minor', amount_minor, 'currency', currency)
    FROM claimed
    UNION ALL
    SELECT jsonb_build_object('kind', 'refund', 'order_id', order_id, 'key', refund_key,
      'capture_reference', gateway_reference, 'amount_minor', amount_minor, 'currency', currency) FROM claimed_refunds
  ) AS w (work);
  RETURN claimed_work;
END
$$;

-- Writes down what the gateway said, for a whole claim at once: states, attempts, captures, refunds, ledger, events.
-- An outcome that comes late or twice changes nothing, except that money which did move is always written down. Each
-- element: {kind, order_id, result, reference, amount_minor, currency, code, message}, where result is captured,
-- declined, not_found, refunded or timeout. Returns how many events it emitted.
CREATE FUNCTION record_outcomes(outcomes jsonb) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  told bigint;
  total bigint := 0;
BEGIN
  PERFORM 1 FROM intents
  WHERE order_id IN (SELECT (o.value ->> 'order_id')::uuid FROM jsonb_array_elements(outcomes) AS o)
  ORDER BY order_id FOR UPDATE;

  -- A capture counts whatever was thought before: a charge given up as not made may turn out to have been.
  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (
      order_id uuid, kind text, result text, reference text, amount_minor bigint, currency text)
    WHERE o.kind <> 'refund' AND o.result = 'captured' ORDER BY o.order_id
  ), won AS (
    UPDATE intents i SET status = 'captured', due_at = NULL, payment_token = NULL, decline_code = NULL,
      decline_message = NULL, settled_at = clock_timestamp()
    FROM given g WHERE i.order_id = g.order_id AND i.status IN ('charging', 'unknown', 'declined')
    RETURNING i.order_id, i.order_id || ':' || i.attempt AS attempt_key, i.payment_id, i.attempt, i.traceparent,
      g.reference, g.amount_minor, g.currency, uuid_v7() AS transfer_id
  ), finished AS (
    UPDATE attempts a SET outcome = 'captured', finished_at = clock_timestamp(), code = NULL, message = NULL
    FROM won WHERE a.attempt_key = won.attempt_key
  ), captured AS (
    INSERT INTO captures (order_id, attempt_key, gateway_reference, amount_minor, currency)
    SELECT order_id, attempt_key, reference, amount_minor, currency FROM won
  ), booked AS (
    INSERT INTO ledger_entries (transfer_id, order_id, kind, account, amount_minor, currency)
    SELECT won.transfer_id, won.order_id, 'capture', side.account, side.sign * won.amount_minor, won.currency
    FROM won, (VALUES ('gateway', 1), ('sales', -1)) AS side (account, sign)
  )
  SELECT count(emit('souk:payment', 'payment.captured', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt,
    'amount', jsonb_build_object('amount_minor', amount_minor, 'currency', currency), 'gateway_reference', reference)))
  INTO told FROM won;
  total := total + told;

  -- Refused, or never charged although the gateway had its time. A charge that a crash cut off before the gateway
  -- heard of it is made again under its key, unless the order does not want it any more.
  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, result text, code text, message text)
    WHERE o.kind <> 'refund' AND o.result IN ('declined', 'not_found') ORDER BY o.order_id
  ), judged AS (
    SELECT i.order_id, i.order_id || ':' || i.attempt AS attempt_key,
      g.result = 'not_found' AND i.status = 'charging' AND i.claims < max_claims()
        AND i.order_cancelled_at IS NULL AS again,
      CASE g.result WHEN 'declined' THEN 'declined' ELSE 'not_charged' END AS outcome,
      CASE g.result WHEN 'declined' THEN g.code ELSE 'not_charged' END AS code,
      CASE g.result WHEN 'declined' THEN g.message
        ELSE 'The payment could not be completed; nothing was charged.' END AS message
    FROM given g JOIN intents i ON i.order_id = g.order_id AND i.status IN ('charging', 'unknown')
  ), moved AS (
    UPDATE intents i SET
      status = CASE WHEN j.again THEN 'pending' ELSE 'declined' END,
      due_at = CASE WHEN j.again THEN clock_timestamp() END,
      payment_token = CASE WHEN j.again THEN i.payment_token END,
      decline_code = CASE WHEN NOT j.again THEN j.code END,
      decline_message = CASE WHEN NOT j.again THEN j.message END,
      settled_at = CASE WHEN NOT j.again THEN clock_timestamp() END
    FROM judged j WHERE i.order_id = j.order_id
    RETURNING i.order_id, i.payment_id, i.attempt, i.traceparent, j.again, j.code, j.message
  ), finished AS (
    UPDATE attempts a SET outcome = j.outcome, code = j.code, message = j.message, finished_at = clock_timestamp()
    FROM judged j WHERE a.attempt_key = j.attempt_key AND NOT j.again
  )
  SELECT count(emit('souk:payment', 'payment.declined', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt, 'reason', code, 'message', message)))
  INTO told FROM moved WHERE NOT again;
  total := total + told;

  -- No answer: said once, asked about until there is one.
  WITH given AS (
    SELECT DISTINCT o.order_id FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, result text)
    WHERE o.kind <> 'refund' AND o.result = 'timeout'
  ), judged AS (
    SELECT i.order_id, i.status = 'charging' AS news FROM given g JOIN intents i ON i.order_id = g.order_id
    WHERE i.status IN ('charging', 'unknown')
  ), moved AS (
    UPDATE intents i SET status = 'unknown', due_at = clock_timestamp() + retry_after(i.lookups)
    FROM judged j WHERE i.order_id = j.order_id
    RETURNING i.order_id, i.order_id || ':' || i.attempt AS attempt_key, i.payment_id, i.attempt, i.traceparent, j.news
  ), noted AS (
    UPDATE attempts a SET outcome = 'unknown' FROM moved m WHERE a.attempt_key = m.attempt_key AND m.news
  )
  SELECT count(emit('souk:payment', 'payment.unknown', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt)))
  INTO told FROM moved WHERE news;
  total := total + told;

  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, result text, reference text)
    WHERE o.kind = 'refund' AND o.result = 'refunded' ORDER BY o.order_id
  ), done AS (
    UPDATE refunds r SET status = 'refunded', due_at = NULL, gateway_reference = g.reference,
      refunded_at = clock_timestamp(), last_code = NULL, last_message = NULL
    FROM given g JOIN intents i USING (order_id) WHERE r.order_id = g.order_id AND r.status = 'requested'
    RETURNING r.order_id, i.payment_id, r.amount_minor, r.currency, r.traceparent, g.reference, uuid_v7() AS transfer_id
  ), booked AS (
    INSERT INTO ledger_entries (transfer_id, order_id, kind, account, amount_minor, currency)
    SELECT done.transfer_id, done.order_id, 'refund', side.account, side.sign * done.amount_minor, done.currency
    FROM done, (VALUES ('gateway', -1), ('sales', 1)) AS side (account, sign)
  )
  SELECT count(emit('souk:payment', 'payment.refunded', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id,
    'amount', jsonb_build_object('amount_minor', amount_minor, 'currency', currency), 'gateway_reference', reference)))
  INTO told FROM done;
  total := total + told;

  -- A refund is owed until it is made, so a refusal is retried too; the operator sees it in the list of refunds.
  UPDATE refunds r SET due_at = clock_timestamp() + retry_after(r.tries),
    last_code = CASE o.result WHEN 'timeout' THEN 'timeout' ELSE o.code END, last_message = o.message
  FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, result text, code text, message text)
  WHERE o.kind = 'refund' AND o.result IN ('timeout', 'declined') AND r.order_id = o.order_id
    AND r.status = 'requested';

  RETURN total;
END
$$;
