-- What staff does, and what callers see.

-- Has the hold of an order captured, or let go (`wish` is capture or void). The gateway is asked afterwards, by whoever
-- claims the work. Wishing for what is done or under way already is no error.
-- Outcomes: ok, not_found, not_authorized.
CREATE FUNCTION settle_hold(p_order uuid, wish text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  now_is text;
BEGIN
  UPDATE intents SET status = CASE wish WHEN 'capture' THEN 'capturing' ELSE 'voiding' END,
    void_reason = CASE wish WHEN 'void' THEN 'by_merchant' END, lookups = 0, due_at = clock_timestamp()
  WHERE order_id = p_order AND status = 'authorized';
  IF FOUND THEN
    RETURN 'ok';
  END IF;
  SELECT status INTO now_is FROM intents WHERE order_id = p_order AND amount_minor IS NOT NULL;
  RETURN CASE WHEN now_is IS NULL THEN 'not_found'
    WHEN wish = 'capture' AND now_is IN ('capturing', 'captured') OR wish = 'void' AND now_is IN ('voiding', 'voided')
      THEN 'ok'
    ELSE 'not_authorized' END;
END
$$;

-- One payment, as callers see it. Of its attempts the latest 20.
CREATE FUNCTION payment_json(i intents) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  c captures;
  given_back jsonb;
  given_back_minor bigint;
  tried jsonb;
  finished_at timestamptz;
BEGIN
  SELECT * INTO c FROM captures WHERE order_id = i.order_id;
  SELECT jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'amount', money(r.amount_minor, r.currency),
      'status', r.status, 'reason', r.reason, 'requested_at', rfc3339(r.requested_at),
      'refunded_at', rfc3339(r.refunded_at), 'failed_at', rfc3339(r.failed_at)) ORDER BY r.requested_at, r.refund_id),
    coalesce(sum(r.amount_minor) FILTER (WHERE r.status = 'refunded'), 0)
  INTO given_back, given_back_minor FROM refunds r WHERE r.order_id = i.order_id;
  SELECT jsonb_agg(jsonb_build_object('attempt', n, 'outcome', a.outcome, 'code', a.code, 'message', a.message,
    'started_at', rfc3339(a.started_at), 'finished_at', rfc3339(a.finished_at)) ORDER BY n), max(a.finished_at)
  INTO tried, finished_at
  FROM generate_series(greatest(1, i.attempt - 19), i.attempt) AS n
  JOIN attempts a ON a.attempt_key = i.order_id || ':' || n;
  RETURN jsonb_build_object(
    'order_id', i.order_id, 'payment_id', i.payment_id, 'number', i.number, 'user_id', i.user_id,
    'status', CASE WHEN i.status = 'charging' THEN 'pending'
      WHEN given_back IS NOT NULL AND given_back_minor = c.amount_minor AND given_back @> '[{"status": "refunded"}]'
        THEN 'refunded'
      WHEN given_back_minor > 0 THEN 'partly_refunded'
      ELSE i.status END,
    'attempt', i.attempt, 'amount', money(i.amount_minor, i.currency),
    'authorized_until', CASE WHEN i.status = 'authorized' THEN rfc3339(i.due_at) END,
    'captured', CASE WHEN c.order_id IS NOT NULL THEN jsonb_build_object('amount', money(c.amount_minor, c.currency),
      'gateway_reference', c.gateway_reference, 'at', rfc3339(c.captured_at)) END,
    'declined', CASE WHEN i.status IN ('declined', 'voiding', 'voided') AND i.decline_code IS NOT NULL THEN
      jsonb_build_object('reason', i.decline_code, 'message', i.decline_message,
        'at', rfc3339(coalesce(i.settled_at, finished_at))) END,
    'void_reason', i.void_reason,
    'refunded', CASE WHEN c.order_id IS NOT NULL THEN money(given_back_minor, c.currency) END,
    'refunds', coalesce(given_back, '[]'), 'attempts', coalesce(tried, '[]'),
    'created_at', rfc3339(i.created_at), 'settled_at', rfc3339(i.settled_at));
END
$$;

-- No row for an order that never asked for money.
DROP VIEW payment_view;
CREATE VIEW payment_view AS
SELECT i.order_id, i.user_id, payment_json(i) AS payment FROM intents i WHERE i.amount_minor IS NOT NULL;

-- Payments, newest order first (order ids grow with time), below the order `before`. Of a status they are found by the
-- index that holds them: those on their way and the exceptions are few, captured is the rule.
CREATE FUNCTION payment_page(of_status text, before uuid, at_most bigint)
RETURNS TABLE (order_id uuid, payment jsonb)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
  below uuid := coalesce(before, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
BEGIN
  IF of_status IS NULL OR of_status = 'captured' THEN
    RETURN QUERY SELECT i.order_id, payment_json(i) FROM intents i
      WHERE i.order_id < below AND i.amount_minor IS NOT NULL AND (of_status IS NULL OR i.status = of_status)
      ORDER BY i.order_id DESC LIMIT at_most;
  ELSIF of_status IN ('pending', 'unknown') THEN
    RETURN QUERY SELECT i.order_id, payment_json(i) FROM intents i
      WHERE i.due_at IS NOT NULL AND i.order_id < below
        AND (i.status = of_status OR of_status = 'pending' AND i.status = 'charging')
      ORDER BY i.order_id DESC LIMIT at_most;
  ELSE
    RETURN QUERY SELECT i.order_id, payment_json(i) FROM intents i
      WHERE i.status IN ('authorized', 'capturing', 'voiding', 'declined', 'voided', 'cancelled')
        AND i.status = of_status AND i.order_id < below AND i.amount_minor IS NOT NULL
      ORDER BY i.order_id DESC LIMIT at_most;
  END IF;
END
$$;

-- Refunds, newest first, below the key (`before_us`, `before_refund`): microseconds since 1970 and the refund.
DROP FUNCTION refund_page(text, bigint, uuid, bigint);
CREATE FUNCTION refund_page(of_status text, before_us bigint, before_refund uuid, at_most bigint)
RETURNS TABLE (requested_us bigint, refund_id uuid, refund jsonb)
LANGUAGE sql STABLE AS $$
  SELECT (extract(epoch FROM r.requested_at) * 1000000)::bigint, r.refund_id, jsonb_build_object(
    'refund_id', r.refund_id, 'order_id', r.order_id, 'number', i.number, 'amount', money(r.amount_minor, r.currency),
    'status', r.status, 'reason', r.reason, 'tries', r.tries, 'last_code', r.last_code,
    'last_message', r.last_message, 'gateway_reference', r.gateway_reference, 'requested_at', rfc3339(r.requested_at),
    'refunded_at', rfc3339(r.refunded_at), 'failed_at', rfc3339(r.failed_at))
  FROM refunds r JOIN intents i USING (order_id)
  WHERE (of_status IS NULL OR r.status = of_status)
    AND (before_us IS NULL
      OR (r.requested_at, r.refund_id) < (timestamptz 'epoch' + before_us * interval '1 microsecond', before_refund))
  ORDER BY r.requested_at DESC, r.refund_id DESC LIMIT at_most
$$;

-- What each account stands at, and whether the books balance: all accounts of a currency sum to zero.
CREATE FUNCTION ledger_balances() RETURNS jsonb
LANGUAGE sql STABLE AS $$
  WITH accounts AS (
    SELECT account, currency, sum(amount_minor)::bigint AS balance, count(*) AS entries
    FROM ledger_entries GROUP BY account, currency
  )
  SELECT jsonb_build_object(
    'accounts', coalesce(jsonb_agg(jsonb_build_object('account', account, 'balance', money(balance, currency),
      'entries', entries) ORDER BY currency, account), '[]'),
    'balanced', NOT EXISTS (SELECT FROM accounts GROUP BY currency HAVING sum(balance) <> 0))
  FROM accounts
$$;

-- What was put aside, newest first, below the id `before`.
CREATE FUNCTION parked_page(before bigint, at_most bigint) RETURNS TABLE (id bigint, parked jsonb)
LANGUAGE sql STABLE AS $$
  SELECT p.id, jsonb_build_object('id', p.id, 'reason', p.reason, 'key', p.key, 'order_id', p.order_id,
    'result', p.result, 'gateway_reference', p.reference,
    'amount', CASE WHEN p.amount_minor IS NOT NULL AND p.currency IS NOT NULL THEN money(p.amount_minor, p.currency) END,
    'parked_at', rfc3339(p.parked_at))
  FROM parked_outcomes p
  WHERE before IS NULL OR p.id < before
  ORDER BY p.id DESC LIMIT at_most
$$;
