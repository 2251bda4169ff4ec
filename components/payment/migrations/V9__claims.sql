-- Takes up to `at_most` pieces of work for the gateway of each kind. A piece is told what is wanted of a hold (`then`):
-- capture it, hold it until somebody decides (with `manual` capture), or void it, since its order was cancelled. Kinds:
--   charge   nobody has begun it: authorize, then as wanted
--   lookup   what became of it is not known: ask, then as wanted
--   capture, void   of a hold that is known, and for the first time
--   refund
-- A hold whose time is up is let go here.
DROP FUNCTION claim_work(int);
CREATE FUNCTION claim_work(at_most int, manual boolean DEFAULT false) RETURNS jsonb
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
      status = CASE due.was WHEN 'pending' THEN 'charging' WHEN 'authorized' THEN 'voiding' ELSE due.was END,
      void_reason = CASE due.was WHEN 'authorized' THEN 'authorization_expired' ELSE i.void_reason END,
      claims = i.claims + (due.was = 'pending')::int,
      lookups = i.lookups + (due.was <> 'pending')::int,
      due_at = clock_timestamp() + claim_lease()
    FROM due WHERE i.order_id = due.order_id
    RETURNING i.order_id, due.was, i.order_id || ':' || i.attempt AS attempt_key, i.payment_token, i.amount_minor,
      i.currency, i.status IN ('capturing', 'voiding') AND i.lookups = 1 AS first,
      CASE WHEN i.status = 'voiding' OR i.order_cancelled_at IS NOT NULL THEN 'void'
        WHEN i.status = 'capturing' OR NOT manual THEN 'capture' ELSE 'hold' END AS wish
  ), begun AS (
    INSERT INTO attempts (attempt_key, order_id) SELECT attempt_key, order_id FROM claimed WHERE was = 'pending'
    ON CONFLICT (attempt_key) DO NOTHING
  ), due_refunds AS (
    SELECT refund_id FROM refunds
    WHERE due_at <= now()
    ORDER BY due_at LIMIT at_most FOR UPDATE SKIP LOCKED
  ), claimed_refunds AS (
    UPDATE refunds r SET tries = r.tries + 1, due_at = clock_timestamp() + claim_lease()
    FROM due_refunds d, captures c WHERE r.refund_id = d.refund_id AND c.order_id = r.order_id
    RETURNING r.order_id, r.refund_key, c.gateway_reference, r.amount_minor, r.currency
  )
  SELECT coalesce(jsonb_agg(w.work), '[]') INTO claimed_work FROM (
    SELECT jsonb_build_object('kind', CASE WHEN was = 'pending' THEN 'charge' WHEN first THEN wish ELSE 'lookup' END,
      'order_id', order_id, 'key', attempt_key, 'then', wish, 'payment_token', payment_token,
      'authorization', CASE WHEN was <> 'pending' THEN
        (SELECT a.authorization_reference FROM attempts a WHERE a.attempt_key = claimed.attempt_key) END,
      'amount_minor', amount_minor, 'currency', currency)
    FROM claimed
    UNION ALL
    SELECT jsonb_build_object('kind', 'refund', 'order_id', order_id, 'key', refund_key,
      'capture_reference', gateway_reference, 'amount_minor', amount_minor, 'currency', currency) FROM claimed_refunds
  ) AS w (work);
  RETURN claimed_work;
END
$$;
