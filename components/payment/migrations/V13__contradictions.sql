-- receive_webhook of V11, which now also puts aside a refusal of what was done: a provider whose refund came back from the
-- bank says that it failed after it said that it was made. The books keep what moved, and a person has to look.
--
-- `event`: {id, type, key, reference, amount_minor, currency, code, message}. Outcomes: applied, known (it changed nothing),
-- ignored (another type of event), replayed (this event was received before), and parked with a `reason`: what it says
-- cannot be booked, so it was put aside for a person. `told` is how many events were emitted.
CREATE OR REPLACE FUNCTION receive_webhook(event jsonb, OUT outcome text, OUT reason text, OUT told bigint)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  of_order uuid;
  asked record;
  answer jsonb := event - 'id' - 'type';
BEGIN
  told := 0;
  INSERT INTO webhook_events (event_id, type, key) VALUES (event ->> 'id', event ->> 'type', event ->> 'key')
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    outcome := 'replayed';
    RETURN;
  END IF;
  CASE event ->> 'type'
    WHEN 'charge.captured', 'charge.declined' THEN
      answer := answer || jsonb_build_object('kind', 'webhook', 'result', substr(event ->> 'type', 8));
      SELECT a.order_id INTO of_order FROM attempts a WHERE a.attempt_key = event ->> 'key';
      SELECT i.amount_minor, i.currency INTO asked FROM intents i WHERE i.order_id = of_order FOR UPDATE;
    WHEN 'refund.succeeded', 'refund.failed' THEN
      answer := answer || jsonb_build_object('kind', 'refund',
        'result', CASE event ->> 'type' WHEN 'refund.failed' THEN 'declined' ELSE 'refunded' END);
      SELECT r.order_id INTO of_order FROM refunds r WHERE r.refund_key = event ->> 'key';
      PERFORM 1 FROM intents i WHERE i.order_id = of_order FOR UPDATE;
      SELECT r.amount_minor, r.currency INTO asked FROM refunds r WHERE r.refund_key = event ->> 'key';
    ELSE
      outcome := 'ignored';
  END CASE;

  IF outcome IS NULL THEN
    reason := CASE
      WHEN of_order IS NULL THEN 'unknown_key'
      WHEN event ->> 'type' = 'charge.declined' AND EXISTS (SELECT FROM attempts a
        WHERE a.attempt_key = event ->> 'key' AND a.outcome = 'captured') THEN 'was_captured'
      WHEN event ->> 'type' = 'refund.failed' AND EXISTS (SELECT FROM refunds r
        WHERE r.refund_key = event ->> 'key' AND r.status = 'refunded') THEN 'was_refunded'
      WHEN answer ->> 'result' NOT IN ('captured', 'refunded') THEN NULL
      WHEN (asked.amount_minor, asked.currency)
        IS DISTINCT FROM ((event ->> 'amount_minor')::bigint, event ->> 'currency') THEN 'amount_mismatch'
      -- One movement of the provider's money cannot stand for two of ours.
      WHEN answer ->> 'kind' = 'webhook' AND EXISTS (SELECT FROM captures c
        WHERE c.gateway_reference = event ->> 'reference' AND c.order_id <> of_order) THEN 'reference_taken'
      WHEN answer ->> 'kind' = 'refund' AND EXISTS (SELECT FROM refunds r
        WHERE r.gateway_reference = event ->> 'reference' AND r.refund_key <> event ->> 'key') THEN 'reference_taken'
    END;
    IF reason IS NULL THEN
      told := record_outcomes(jsonb_build_array(answer || jsonb_build_object('order_id', of_order)));
      -- What was not booked is with the parked outcomes already.
      SELECT p.reason INTO reason FROM parked_outcomes p
      WHERE p.key = event ->> 'key' AND p.result = answer ->> 'result' AND p.reference = event ->> 'reference'
        AND p.reason = 'not_booked';
    ELSE
      INSERT INTO parked_outcomes (reason, key, order_id, result, reference, amount_minor, currency)
      VALUES (receive_webhook.reason, event ->> 'key', of_order, answer ->> 'result', event ->> 'reference',
        (event ->> 'amount_minor')::bigint, event ->> 'currency')
      ON CONFLICT DO NOTHING;
    END IF;
    outcome := CASE WHEN reason IS NOT NULL THEN 'parked' WHEN told > 0 THEN 'applied' ELSE 'known' END;
  END IF;
  UPDATE webhook_events w SET outcome = receive_webhook.outcome WHERE w.event_id = event ->> 'id';
END
$$;
