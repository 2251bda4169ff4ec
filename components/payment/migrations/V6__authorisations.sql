-- A payment is authorised first (the provider holds the money), then captured or voided. With automatic capture both
-- happen in one piece of work and an intent goes from charging straight to captured; what lies between is where an
-- intent waits for a person (authorized, with manual capture) or for an answer that did not come.
--
-- An intent's path: pending, charging (a replica is with the gateway) or unknown (it did not answer), then
--   authorized  the money is held; `due_at` is when the hold is given up
--   capturing   it is to be taken, and the gateway has not said yet that it was
--   voiding     it is to be let go, for `void_reason`, and the gateway has not said yet that it was
-- and at last captured, declined, voided, or cancelled, which is an order that did not want it before it began.

ALTER TABLE intents
  ADD COLUMN void_reason text CHECK (void_reason IN
    ('order_cancelled', 'by_merchant', 'authorization_expired', 'capture_refused', 'by_gateway')),
  DROP CONSTRAINT intents_status_check,
  DROP CONSTRAINT intents_due,
  DROP CONSTRAINT intents_declined,
  ADD CONSTRAINT intents_status_check CHECK (status IN ('pending', 'charging', 'unknown', 'authorized', 'capturing',
    'voiding', 'captured', 'declined', 'voided', 'cancelled')),
  ADD CONSTRAINT intents_due CHECK (
    (status IN ('pending', 'charging', 'unknown', 'authorized', 'capturing', 'voiding')) = (due_at IS NOT NULL)),
  -- A hold that the provider refused to take is let go, and still a decline.
  ADD CONSTRAINT intents_declined CHECK (CASE status WHEN 'declined' THEN decline_code IS NOT NULL
    WHEN 'voiding' THEN true WHEN 'voided' THEN true ELSE decline_code IS NULL END),
  -- What is held for an order that was cancelled is on its way back.
  ADD CONSTRAINT intents_hold CHECK (status <> 'authorized' OR order_cancelled_at IS NULL),
  ADD CONSTRAINT intents_voided CHECK ((status IN ('voiding', 'voided')) = (void_reason IS NOT NULL));

-- What is neither the rule (captured) nor on its way: few rows, so that the list of payments finds them.
CREATE INDEX intents_exceptions ON intents (order_id)
  WHERE status IN ('authorized', 'capturing', 'voiding', 'declined', 'voided', 'cancelled');

-- The hold's reference; it takes over from the token, which is forgotten then.
ALTER TABLE attempts
  ADD COLUMN authorization_reference text,
  DROP CONSTRAINT attempts_outcome_check,
  ADD CONSTRAINT attempts_outcome_check CHECK (outcome IN ('started', 'authorized', 'captured', 'declined', 'voided',
    'unknown', 'not_charged'));
