-- Applies what a batch of events leads to: an array of
--   {"id": <event id>,
--    "contact": {"order_id", "number", "user_id", "email", "name"},
--    "message": {"id", "template", "user_id", "order_id", "to", "subject", "html", "text", "traceparent"},
--    "report":  {"message_id", "status": "delivered" | "failed", "error"}}
-- with each part optional. The mails were rendered before; the inbox row, the message and its event for the mailer
-- are written together or not at all, so an event makes one mail however often it arrives. Returns how many
-- messages were queued.
CREATE FUNCTION apply_effects(effects jsonb) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  WITH fresh AS MATERIALIZED (
    SELECT t.ord, (t.event ->> 'id')::uuid AS event_id, t.event -> 'contact' AS contact, t.event -> 'message' AS message,
           t.event -> 'report' AS report
    FROM take_new(effects) AS t
  ), known AS (
    INSERT INTO order_contacts (order_id, number, user_id, email, name)
    SELECT DISTINCT ON (order_id) c.order_id, c.number, c.user_id, c.email, c.name
    FROM fresh, jsonb_to_record(fresh.contact) AS c (order_id uuid, number text, user_id uuid, email text, name text)
    WHERE jsonb_typeof(fresh.contact) = 'object'
    ORDER BY order_id
    ON CONFLICT (order_id) DO NOTHING
  ), queued AS (
    INSERT INTO messages (id, event_id, template, user_id, order_id, recipient, subject)
    SELECT m.id, fresh.event_id, m.template, m.user_id, m.order_id, m."to", m.subject
    FROM fresh, jsonb_to_record(fresh.message)
           AS m (id uuid, template text, user_id uuid, order_id uuid, "to" text, subject text)
    WHERE jsonb_typeof(fresh.message) = 'object'
    ON CONFLICT ON CONSTRAINT messages_one_per_event DO NOTHING
    RETURNING id, event_id
  ), emitted AS (
    SELECT emit('souk:notification', 'notification.queued', 1, queued.id::text, fresh.message ->> 'traceparent',
                jsonb_build_object('message_id', queued.id, 'to', fresh.message -> 'to',
                                   'subject', fresh.message -> 'subject', 'html', fresh.message -> 'html',
                                   'text', fresh.message -> 'text', 'template', fresh.message -> 'template')) AS id
    FROM queued JOIN fresh USING (event_id)
    ORDER BY fresh.ord
  ), settled AS (
    UPDATE messages
    SET status = r.status, error = CASE WHEN r.status = 'failed' THEN left(r.error, 500) END, settled_at = now()
    FROM fresh, jsonb_to_record(fresh.report) AS r (message_id uuid, status text, error text)
    WHERE jsonb_typeof(fresh.report) = 'object' AND messages.id = r.message_id AND messages.status = 'queued'
  )
  SELECT count(emitted.id) FROM emitted
$$;

-- Forgets applied event ids after a month, a slice at a time. No stream keeps an entry that long, and a mail cannot
-- be made twice even then: messages_one_per_event stays.
CREATE FUNCTION sweep_inbox(p_limit int) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  WITH old AS (
    SELECT event_id FROM inbox WHERE received_at < now() - interval '30 days'
    ORDER BY received_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM inbox USING old WHERE inbox.event_id = old.event_id RETURNING 1
  )
  SELECT count(*) FROM gone
$$;
