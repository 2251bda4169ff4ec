-- Writes down what the gateway said, for a whole claim at once: states, attempts, captures, refunds, ledger, events.
-- An outcome that comes late or twice changes nothing, except that money which did move is always written down; when it
-- cannot be booked it is put aside for a person.
--
-- Each element: {kind, order_id, key, result, reference, amount_minor, currency, authorization, code, message}. `key` is
-- the attempt's or the refund's; without one the current attempt or the order's only refund is meant. Results:
--   authorized        held, and nothing more is wanted for now
--   captured          the money was taken
--   declined, not_found   nothing is held and nothing will be
--   timeout           no answer to the first question
--   capture_unknown, void_unknown   held, and no answer to what followed
--   capture_refused, void_refused   held, and no to what followed
--   voided            the hold was let go
-- and of kind refund: refunded, declined, timeout.

-- What the gateway says was done and was not booked, since the books say otherwise. A person has to look.
CREATE TABLE parked_outcomes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reason text NOT NULL,
  key text NOT NULL,
  order_id uuid,
  result text NOT NULL,
  reference text,
  amount_minor bigint,
  currency text,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT parked_once UNIQUE NULLS NOT DISTINCT (reason, key, result, reference, amount_minor, currency)
);

-- A capture counts whatever was thought before: a charge given up as not made may turn out to have been.
CREATE FUNCTION record_captures(outcomes jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  told bigint;
  given_in_all bigint;
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, reference text,
      amount_minor bigint, currency text, "authorization" text)
    WHERE o.kind <> 'refund' AND o.result = 'captured' ORDER BY o.order_id
  ), won AS (
    UPDATE intents i SET status = 'captured', due_at = NULL, payment_token = NULL, decline_code = NULL,
      decline_message = NULL, void_reason = NULL, settled_at = clock_timestamp()
    FROM given g
    WHERE i.order_id = g.order_id AND i.status <> 'captured' AND i.claims > 0
      AND coalesce(g.key = i.order_id || ':' || i.attempt, true)
    RETURNING i.order_id, i.order_id || ':' || i.attempt AS attempt_key, i.payment_id, i.attempt, i.traceparent,
      g.reference, g.amount_minor, g.currency, g."authorization", uuid_v7() AS transfer_id
  ), finished AS (
    UPDATE attempts a SET outcome = 'captured', finished_at = clock_timestamp(), code = NULL, message = NULL,
      authorization_reference = coalesce(won."authorization", a.authorization_reference)
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
      'amount', jsonb_build_object('amount_minor', amount_minor, 'currency', currency), 'gateway_reference', reference))),
    (SELECT count(*) FROM jsonb_to_recordset(outcomes) AS o (kind text, result text)
      WHERE o.kind <> 'refund' AND o.result = 'captured')
  INTO told, given_in_all FROM won;
  IF told < given_in_all THEN
    INSERT INTO parked_outcomes (reason, key, order_id, result, reference, amount_minor, currency)
    SELECT 'not_booked', coalesce(o.key, o.order_id::text), o.order_id, o.result, o.reference, o.amount_minor, o.currency
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, reference text,
      amount_minor bigint, currency text)
    WHERE o.kind <> 'refund' AND o.result = 'captured'
      AND NOT EXISTS (SELECT FROM captures c WHERE c.order_id = o.order_id AND c.gateway_reference = o.reference)
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN told;
END
$$;

-- Held until somebody decides, or the hold's time is up. For an order that was cancelled meanwhile it is let go at once.
CREATE FUNCTION record_holds(outcomes jsonb, hold_s bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  told bigint;
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, "authorization" text)
    WHERE o.kind <> 'refund' AND o.result = 'authorized' ORDER BY o.order_id
  ), moved AS (
    UPDATE intents i SET
      status = CASE WHEN i.order_cancelled_at IS NULL THEN 'authorized' ELSE 'voiding' END,
      void_reason = CASE WHEN i.order_cancelled_at IS NOT NULL THEN 'order_cancelled' END,
      due_at = clock_timestamp() + CASE WHEN i.order_cancelled_at IS NULL THEN make_interval(secs => hold_s)
        ELSE interval '0' END,
      lookups = 0, payment_token = NULL
    FROM given g
    WHERE i.order_id = g.order_id AND i.status IN ('charging', 'unknown')
      AND coalesce(g.key = i.order_id || ':' || i.attempt, true)
    RETURNING i.order_id, i.order_id || ':' || i.attempt AS attempt_key, i.payment_id, i.attempt, i.traceparent,
      i.status, i.amount_minor, i.currency, i.due_at, g."authorization"
  ), noted AS (
    UPDATE attempts a SET outcome = 'authorized', authorization_reference = m."authorization", code = NULL,
      message = NULL
    FROM moved m WHERE a.attempt_key = m.attempt_key
  )
  SELECT count(emit('souk:payment', 'payment.authorized', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt, 'amount', money(amount_minor, currency),
    'expires_at', rfc3339(due_at))))
  INTO told FROM moved WHERE status = 'authorized';
  RETURN told;
END
$$;

-- Refused, never charged although the gateway had its time, or let go. A charge that a crash cut off before the gateway
-- heard of it is made again under its key, unless the order does not want it any more. A hold that the gateway does not
-- let the shop take is let go. An order that still waits for its money is told that none will come.
CREATE FUNCTION record_refusals(outcomes jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  told_declined bigint;
  told_voided bigint;
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, "authorization" text,
      code text, message text)
    WHERE o.kind <> 'refund' AND o.result IN ('declined', 'not_found', 'voided', 'capture_refused')
    ORDER BY o.order_id
  ), judged AS (
    SELECT i.order_id, i.order_id || ':' || i.attempt AS attempt_key, g.result, g."authorization", g.code, g.message,
      i.order_cancelled_at IS NULL AND i.decline_code IS NULL AS waits,
      CASE WHEN g.result = 'voided' OR i.status = 'voiding' THEN 'voided'
        WHEN g.result = 'capture_refused' THEN 'voiding'
        WHEN g.result = 'not_found' AND i.status = 'charging' AND i.claims < max_claims()
          AND i.order_cancelled_at IS NULL THEN 'pending'
        ELSE 'declined' END AS verdict
    FROM given g JOIN intents i ON i.order_id = g.order_id
    WHERE coalesce(g.key = i.order_id || ':' || i.attempt, true)
      AND CASE i.status WHEN 'authorized' THEN g.result = 'voided' WHEN 'voiding' THEN g.result <> 'capture_refused'
        ELSE i.status IN ('charging', 'unknown', 'capturing') END
  ), worded AS (
    SELECT j.*, verdict = 'declined' OR result = 'capture_refused' AS refused,
      CASE result WHEN 'not_found' THEN 'not_charged' ELSE code END AS why,
      CASE result WHEN 'not_found' THEN 'The payment could not be completed; nothing was charged.' ELSE message END
        AS words
    FROM judged j
  ), moved AS (
    UPDATE intents i SET
      status = w.verdict,
      due_at = CASE WHEN w.verdict IN ('pending', 'voiding') THEN clock_timestamp() END,
      payment_token = CASE w.verdict WHEN 'pending' THEN i.payment_token END,
      lookups = CASE w.verdict WHEN 'voiding' THEN 0 ELSE i.lookups END,
      decline_code = CASE WHEN w.refused THEN w.why WHEN w.verdict = 'voided' THEN i.decline_code END,
      decline_message = CASE WHEN w.refused THEN w.words WHEN w.verdict = 'voided' THEN i.decline_message END,
      void_reason = CASE w.verdict WHEN 'voiding' THEN 'capture_refused' WHEN 'voided' THEN
        coalesce(i.void_reason, CASE WHEN i.order_cancelled_at IS NULL THEN 'by_gateway' ELSE 'order_cancelled' END) END,
      settled_at = CASE WHEN w.verdict IN ('declined', 'voided') THEN clock_timestamp() END
    FROM worded w WHERE i.order_id = w.order_id
    RETURNING i.order_id, i.payment_id, i.attempt, i.traceparent, i.amount_minor, i.currency, i.void_reason, w.refused,
      w.verdict, w.why, w.words, w.waits
  ), finished AS (
    UPDATE attempts a SET
      outcome = CASE WHEN w.verdict = 'voided' THEN 'voided' WHEN w.result = 'not_found' THEN 'not_charged'
        ELSE 'declined' END,
      authorization_reference = coalesce(w."authorization", a.authorization_reference),
      code = CASE WHEN w.verdict = 'voided' THEN a.code ELSE w.why END,
      message = CASE WHEN w.verdict = 'voided' THEN a.message ELSE w.words END, finished_at = clock_timestamp()
    FROM worded w WHERE a.attempt_key = w.attempt_key AND w.verdict <> 'pending'
  )
  SELECT
    count(emit('souk:payment', 'payment.voided', 1, order_id::text, traceparent, jsonb_build_object(
      'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt, 'amount', money(amount_minor, currency),
      'reason', void_reason))) FILTER (WHERE verdict = 'voided'),
    count(emit('souk:payment', 'payment.declined', 1, order_id::text, traceparent, jsonb_build_object(
      'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt,
      'reason', CASE WHEN refused THEN why ELSE void_reason END,
      'message', CASE WHEN refused THEN words ELSE 'The payment was released; nothing was charged.' END)))
      FILTER (WHERE refused OR verdict = 'voided' AND waits)
  INTO told_voided, told_declined FROM moved;
  RETURN told_voided + told_declined;
END
$$;

-- No answer: said once, asked about until there is one. A hold whose order was cancelled is from here on to be let go.
CREATE FUNCTION record_doubts(outcomes jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  told bigint;
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (o.order_id) o.*
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, "authorization" text,
      code text, message text)
    WHERE o.kind <> 'refund' AND o.result IN ('timeout', 'capture_unknown', 'void_unknown', 'void_refused')
    ORDER BY o.order_id
  ), judged AS (
    SELECT i.order_id, i.order_id || ':' || i.attempt AS attempt_key, g."authorization", g.code, g.message,
      CASE WHEN g.result = 'timeout' THEN CASE i.status WHEN 'charging' THEN 'unknown' ELSE i.status END
        WHEN g.result = 'capture_unknown' AND i.status <> 'voiding' AND i.order_cancelled_at IS NULL THEN 'capturing'
        ELSE 'voiding' END AS verdict
    FROM given g JOIN intents i ON i.order_id = g.order_id
    WHERE i.status IN ('charging', 'unknown', 'capturing', 'voiding')
      AND coalesce(g.key = i.order_id || ':' || i.attempt, true)
  ), moved AS (
    UPDATE intents i SET status = j.verdict, due_at = clock_timestamp() + retry_after(i.lookups),
      payment_token = CASE j.verdict WHEN 'unknown' THEN i.payment_token END,
      -- Not for the first time any more, so that the next who claims it asks before it does anything.
      lookups = CASE j.verdict WHEN 'unknown' THEN i.lookups ELSE greatest(i.lookups, 1) END,
      void_reason = CASE j.verdict WHEN 'voiding' THEN coalesce(i.void_reason, 'order_cancelled') END
    FROM judged j WHERE i.order_id = j.order_id
    RETURNING i.order_id, j.attempt_key, i.payment_id, i.attempt, i.traceparent, j.verdict, j."authorization", j.code,
      j.message
  ), before AS (
    SELECT m.*, m.verdict <> 'voiding' AND a.outcome <> 'unknown' AS news
    FROM moved m JOIN attempts a ON a.attempt_key = m.attempt_key
  ), noted AS (
    UPDATE attempts a SET outcome = CASE b.verdict WHEN 'voiding' THEN a.outcome ELSE 'unknown' END,
      authorization_reference = coalesce(b."authorization", a.authorization_reference),
      code = coalesce(b.code, a.code), message = coalesce(b.message, a.message)
    FROM before b
    WHERE a.attempt_key = b.attempt_key AND (b.news OR b."authorization" IS NOT NULL OR b.code IS NOT NULL)
  )
  SELECT count(emit('souk:payment', 'payment.unknown', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id, 'attempt', attempt)))
  INTO told FROM before WHERE news;
  RETURN told;
END
$$;

-- A refund is made once. A refusal is for good and told, and leaves its amount to other refunds; should the money have
-- gone back all the same, it is booked as long as there is room for it. Without an answer it is asked for again.
CREATE FUNCTION record_refunds(outcomes jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  told bigint;
  total bigint := 0;
BEGIN
  WITH given AS (
    SELECT DISTINCT ON (1) coalesce(o.key, o.order_id || ':refund') AS key, o.reference
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, reference text)
    WHERE o.kind = 'refund' AND o.result = 'refunded' ORDER BY 1
  ), done AS (
    UPDATE refunds r SET status = 'refunded', due_at = NULL, gateway_reference = g.reference,
      refunded_at = clock_timestamp(), failed_at = NULL, last_code = NULL, last_message = NULL
    FROM given g, intents i, captures c
    WHERE r.refund_key = g.key AND i.order_id = r.order_id AND c.order_id = r.order_id
      AND (r.status = 'requested' OR r.status = 'failed' AND c.refunded_minor + r.amount_minor <= c.amount_minor)
    RETURNING r.order_id, i.payment_id, r.refund_id, r.amount_minor, r.currency, r.traceparent, g.reference,
      uuid_v7() AS transfer_id
  ), booked AS (
    INSERT INTO ledger_entries (transfer_id, order_id, refund_id, kind, account, amount_minor, currency)
    SELECT d.transfer_id, d.order_id, d.refund_id, 'refund', side.account, side.sign * d.amount_minor, d.currency
    FROM done d, (VALUES ('gateway', -1), ('refunds', 1)) AS side (account, sign)
  )
  SELECT count(emit('souk:payment', 'payment.refunded', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'payment_id', payment_id, 'refund_id', refund_id, 'amount', money(amount_minor, currency),
    'gateway_reference', reference)))
  INTO told FROM done;
  total := total + told;

  INSERT INTO parked_outcomes (reason, key, order_id, result, reference, amount_minor, currency)
  SELECT 'not_booked', coalesce(o.key, o.order_id || ':refund'), o.order_id, o.result, o.reference, r.amount_minor,
    r.currency
  FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, reference text)
  LEFT JOIN refunds r ON r.refund_key = coalesce(o.key, o.order_id || ':refund')
  WHERE o.kind = 'refund' AND o.result = 'refunded' AND r.gateway_reference IS DISTINCT FROM o.reference
  ON CONFLICT DO NOTHING;

  WITH given AS (
    SELECT DISTINCT ON (1) coalesce(o.key, o.order_id || ':refund') AS key, o.code, o.message
    FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, code text, message text)
    WHERE o.kind = 'refund' AND o.result = 'declined' ORDER BY 1
  ), failed AS (
    UPDATE refunds r SET status = 'failed', due_at = NULL, failed_at = clock_timestamp(), last_code = g.code,
      last_message = g.message
    FROM given g WHERE r.refund_key = g.key AND r.status = 'requested'
    RETURNING r.order_id, r.refund_id, r.amount_minor, r.currency, r.traceparent, g.code, g.message
  )
  SELECT count(emit('souk:payment', 'payment.refund_failed', 1, order_id::text, traceparent, jsonb_build_object(
    'order_id', order_id, 'refund_id', refund_id, 'amount', money(amount_minor, currency), 'code', code,
    'message', message)))
  INTO told FROM failed;
  total := total + told;

  UPDATE refunds r SET due_at = clock_timestamp() + retry_after(r.tries), last_code = 'timeout',
    last_message = o.message
  FROM jsonb_to_recordset(outcomes) AS o (order_id uuid, kind text, key text, result text, message text)
  WHERE o.kind = 'refund' AND o.result = 'timeout' AND r.refund_key = coalesce(o.key, o.order_id || ':refund')
    AND r.status = 'requested';
  RETURN total;
END
$$;

-- Returns how many events were emitted. `hold_s` is how long money is held before the hold is given up.
DROP FUNCTION record_outcomes(jsonb);
CREATE FUNCTION record_outcomes(outcomes jsonb, hold_s bigint DEFAULT 604800) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  results text[];
  told bigint := 0;
BEGIN
  PERFORM 1 FROM intents
  WHERE order_id IN (SELECT (o.value ->> 'order_id')::uuid FROM jsonb_array_elements(outcomes) AS o)
  ORDER BY order_id FOR UPDATE;
  SELECT array_agg(DISTINCT CASE o.value ->> 'kind' WHEN 'refund' THEN 'refund' ELSE o.value ->> 'result' END)
  INTO results FROM jsonb_array_elements(outcomes) AS o;
  IF 'captured' = ANY (results) THEN
    told := told + record_captures(outcomes);
  END IF;
  IF 'authorized' = ANY (results) THEN
    told := told + record_holds(outcomes, hold_s);
  END IF;
  IF results && ARRAY['declined', 'not_found', 'voided', 'capture_refused'] THEN
    told := told + record_refusals(outcomes);
  END IF;
  IF results && ARRAY['timeout', 'capture_unknown', 'void_unknown', 'void_refused'] THEN
    told := told + record_doubts(outcomes);
  END IF;
  IF 'refund' = ANY (results) THEN
    told := told + record_refunds(outcomes);
  END IF;
  RETURN told;
END
$$;
