-- An address as it is remembered when it is out of use.
CREATE FUNCTION address_hash(address text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(lower(address), 'UTF8'))
$$;

-- Notes who an account is, from user.registered and user.updated: [{"id", "occurred_at", "person": {"user_id", "email",
-- "name", "locale"}}]. The newest word of the account counts, in whatever order its events come. Its language counts
-- when it is another than before: saying the same again with a new name is no choice, and an account that was never
-- heard of says `en` without having chosen (`Language::after` in Rust is the same rule).
CREATE FUNCTION note_people(events jsonb[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  INSERT INTO recipients AS r (user_id, email, name, locale, account_locale, account_at)
  SELECT DISTINCT ON (p.user_id) p.user_id, p.email, p.name, p.locale, p.locale, (e ->> 'occurred_at')::timestamptz
  FROM unnest(events) WITH ORDINALITY AS t (e, ord),
    jsonb_to_record(e -> 'person') AS p (user_id uuid, email text, name text, locale text)
  ORDER BY p.user_id, (e ->> 'occurred_at')::timestamptz DESC, ord DESC
  ON CONFLICT (user_id) DO UPDATE
  SET email = excluded.email, name = excluded.name, account_locale = excluded.account_locale,
    account_at = excluded.account_at,
    locale = CASE WHEN r.account_locale IS DISTINCT FROM excluded.account_locale
        AND (r.account_locale IS NOT NULL OR excluded.account_locale <> 'en')
      THEN excluded.locale ELSE r.locale END
  WHERE r.erased_at IS NULL AND (r.account_at IS NULL OR r.account_at <= excluded.account_at)
$$;

-- Forgets who an account was, and everything that its messages say of it; the messages stay to be counted.
CREATE FUNCTION erase_people(users uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO recipients (user_id, stock, erased_at)
  SELECT DISTINCT u, false, now() FROM unnest(users) AS u ORDER BY u
  ON CONFLICT (user_id) DO UPDATE
  SET email = NULL, name = '', account_locale = NULL, stock = false, news = false, erased_at = now();

  UPDATE order_contacts SET email = 'erased@souk.invalid', name = '' WHERE user_id = ANY (users);
  DELETE FROM unsubscribe_tokens WHERE user_id = ANY (users);
  WITH erased AS (
    UPDATE messages m SET recipient = NULL, subject = NULL, erased_at = now(),
      -- The mail server's words often hold the address.
      error = CASE WHEN m.error IS NOT NULL THEN 'erased' END
    FROM (SELECT id, recipient FROM messages WHERE user_id = ANY (users) AND erased_at IS NULL
      ORDER BY id FOR UPDATE) AS old
    WHERE m.id = old.id
    RETURNING m.id, old.recipient
  ), unsuppressed AS (
    DELETE FROM suppressions WHERE address_hash IN (SELECT address_hash(recipient) FROM erased)
  )
  DELETE FROM message_sources WHERE message_id IN (SELECT id FROM erased);
END
$$;

-- Remembers whom to write to about orders: [{"contact": {"order_id", "number", "user_id", "email", "name", "total"}}].
CREATE FUNCTION note_contacts(events jsonb[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  INSERT INTO order_contacts (order_id, number, user_id, email, name, total_minor, currency)
  SELECT DISTINCT ON (c.order_id) c.order_id, c.number, c.user_id,
    CASE WHEN r.erased_at IS NULL THEN c.email ELSE 'erased@souk.invalid' END,
    CASE WHEN r.erased_at IS NULL THEN c.name ELSE '' END,
    (c.total ->> 'amount_minor')::bigint, c.total ->> 'currency'
  FROM unnest(events) AS e,
    jsonb_to_record(e -> 'contact')
      AS c (order_id uuid, number text, user_id uuid, email text, name text, total jsonb)
    LEFT JOIN recipients r ON r.user_id = c.user_id
  ORDER BY c.order_id
  ON CONFLICT (order_id) DO NOTHING
$$;

-- Writes messages and queues those that may go out: [{"id", "message": {...}, "source"}], as `apply_effects` says.
-- Returns how many were queued.
CREATE FUNCTION write_messages(events jsonb[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  queued bigint;
BEGIN
  WITH wanted AS (
    SELECT t.ord, (t.e ->> 'id')::uuid AS event_id, t.e -> 'message' AS message, t.e -> 'source' AS source, m.*,
      -- An address under .invalid (RFC 2606) is what is left of somebody who was erased.
      r.erased_at IS NOT NULL OR m."to" LIKE '%.invalid' AS is_erased,
      CASE
        WHEN r.erased_at IS NOT NULL OR m."to" LIKE '%.invalid' THEN 'the account was deleted'
        WHEN m.category = 'stock' AND NOT coalesce(r.stock, true) THEN 'unsubscribed from mails about stock'
        WHEN m.category = 'news' AND NOT coalesce(r.news, false) THEN 'not subscribed to news'
        -- A mail that its recipient asked for a moment ago is tried all the same: the mailbox may be there again.
        WHEN NOT coalesce(m.asked_for, false) AND s.address_hash IS NOT NULL
          THEN 'an earlier mail to this address bounced'
      END AS held_back
    FROM unnest(events) WITH ORDINALITY AS t (e, ord)
      CROSS JOIN LATERAL jsonb_to_record(t.e -> 'message') AS m (id uuid, template text, category text, locale text,
        user_id uuid, order_id uuid, "to" text, subject text, asked_for boolean, unsubscribe_token text,
        resend_of uuid, resent_by uuid)
      LEFT JOIN recipients r ON r.user_id = m.user_id
      LEFT JOIN suppressions s ON s.address_hash = address_hash(m."to")
  ), written AS (
    INSERT INTO messages (id, event_id, template, category, locale, user_id, order_id, recipient, subject, status, error,
      settled_at, erased_at, resend_of, resent_by)
    SELECT w.id, w.event_id, w.template, coalesce(w.category, 'orders'), coalesce(w.locale, 'en'), w.user_id, w.order_id,
      CASE WHEN NOT w.is_erased THEN w."to" END, CASE WHEN NOT w.is_erased THEN w.subject END,
      CASE WHEN w.held_back IS NULL THEN 'queued' ELSE 'suppressed' END, w.held_back,
      CASE WHEN w.held_back IS NOT NULL THEN now() END, CASE WHEN w.is_erased THEN now() END, w.resend_of, w.resent_by
    FROM wanted w
    ON CONFLICT ON CONSTRAINT messages_one_per_event DO NOTHING
    RETURNING id, status
  ), noted AS (
    INSERT INTO unsubscribe_tokens (token_hash, user_id, category)
    SELECT sha256(convert_to(w.unsubscribe_token, 'UTF8')), w.user_id, w.category
    FROM wanted w JOIN written USING (id)
    WHERE written.status = 'queued' AND w.unsubscribe_token IS NOT NULL
  ), kept AS (
    INSERT INTO message_sources (message_id, event)
    SELECT w.id, w.source FROM wanted w JOIN written USING (id)
    WHERE jsonb_typeof(w.source) = 'object' AND NOT w.is_erased
  ), emitted AS (
    SELECT emit('souk:notification', 'notification.queued', 1, w.id::text, w.message ->> 'traceparent',
      jsonb_build_object('message_id', w.id, 'template', w.template, 'category', w.category, 'locale', w.locale,
        'to', w."to", 'subject', w.subject, 'html', w.message -> 'html', 'text', w.message -> 'text',
        'list_unsubscribe', w.message -> 'list_unsubscribe')) AS id
    FROM wanted w JOIN written USING (id)
    WHERE written.status = 'queued'
    ORDER BY w.ord
  )
  SELECT count(emitted.id) INTO queued FROM emitted;
  RETURN queued;
END
$$;

-- Settles messages by the mailer's reports: [{"report": {"message_id", "status", "error"}}]. The first report counts.
-- A bounce puts the address out of use, a delivery proves that it is in use.
CREATE FUNCTION settle_messages(events jsonb[]) RETURNS void
LANGUAGE sql VOLATILE AS $$
  WITH told AS (
    SELECT DISTINCT ON (p.message_id) p.*
    FROM unnest(events) WITH ORDINALITY AS t (e, ord),
      jsonb_to_record(t.e -> 'report') AS p (message_id uuid, status text, error text)
    ORDER BY p.message_id, t.ord
  ), settled AS (
    UPDATE messages m
    SET status = told.status, settled_at = now(),
      error = CASE WHEN told.status = 'delivered' THEN NULL WHEN m.erased_at IS NOT NULL THEN 'erased'
        ELSE left(coalesce(nullif(told.error, ''), 'no reason given'), 500) END
    FROM told
    WHERE m.id = told.message_id AND m.status = 'queued'
    RETURNING m.id, m.recipient, m.status
  ), bounced AS (
    INSERT INTO suppressions (address_hash, message_id)
    SELECT DISTINCT ON (address_hash(recipient)) address_hash(recipient), id FROM settled
    WHERE status = 'bounced' AND recipient IS NOT NULL
    ORDER BY address_hash(recipient), id
    ON CONFLICT DO NOTHING
  )
  DELETE FROM suppressions USING settled
  WHERE settled.status = 'delivered' AND suppressions.address_hash = address_hash(settled.recipient)
$$;

-- Applies what a batch of events leads to: an array of
--   {"id": <event id>, "occurred_at",
--    "person":  {"user_id", "email", "name", "locale"},
--    "erase":   <user id>,
--    "contact": {"order_id", "number", "user_id", "email", "name", "total"},
--    "message": {"id", "template", "category", "locale", "user_id", "order_id", "to", "subject", "html", "text",
--                "traceparent", "asked_for", "unsubscribe_token", "list_unsubscribe"},
--    "source":  <the event itself, when the message may be made again from it>,
--    "report":  {"message_id", "status": "delivered" | "failed" | "bounced", "error"}}
-- with each part optional. The mails were rendered before; the inbox row, the message and its event for the mailer are
-- written together or not at all, so an event makes one mail however often it arrives. Returns how many messages were
-- queued.
CREATE OR REPLACE FUNCTION apply_effects(effects jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  people jsonb[];
  erased uuid[];
  contacts jsonb[];
  messages jsonb[];
  reports jsonb[];
BEGIN
  SELECT array_agg(t.event ORDER BY t.ord) FILTER (WHERE jsonb_typeof(t.event -> 'person') = 'object'),
    array_agg((t.event ->> 'erase')::uuid ORDER BY t.ord) FILTER (WHERE t.event ->> 'erase' IS NOT NULL),
    array_agg(jsonb_build_object('contact', t.event -> 'contact') ORDER BY t.ord)
      FILTER (WHERE jsonb_typeof(t.event -> 'contact') = 'object'),
    array_agg(t.event ORDER BY t.ord) FILTER (WHERE jsonb_typeof(t.event -> 'message') = 'object'),
    array_agg(t.event ORDER BY t.ord) FILTER (WHERE jsonb_typeof(t.event -> 'report') = 'object')
  INTO people, erased, contacts, messages, reports
  FROM take_new(effects) AS t;

  IF people IS NOT NULL THEN
    PERFORM note_people(people);
  END IF;
  IF erased IS NOT NULL THEN
    PERFORM erase_people(erased);
  END IF;
  IF contacts IS NOT NULL THEN
    PERFORM note_contacts(contacts);
  END IF;
  IF reports IS NOT NULL THEN
    PERFORM settle_messages(reports);
  END IF;
  RETURN CASE WHEN messages IS NULL THEN 0 ELSE write_messages(messages) END;
END
$$;

-- What is known about the orders and accounts that a batch is about: {"contacts": [{"order_id", "number", "user_id",
-- "email", "name", "total"}], "languages": {<user id>: {"locale", "account"}}}. An account's own address counts before
-- the one that the order was placed with: it may have changed since.
CREATE FUNCTION known(p_orders uuid[], p_users uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  contacts jsonb;
  users uuid[];
BEGIN
  SELECT jsonb_agg(jsonb_build_object('order_id', c.order_id, 'number', c.number, 'user_id', c.user_id,
      'email', coalesce(r.email, c.email), 'name', coalesce(nullif(r.name, ''), c.name),
      'total', CASE WHEN c.total_minor IS NOT NULL
        THEN jsonb_build_object('amount_minor', c.total_minor, 'currency', c.currency) END)),
    p_users || array_agg(c.user_id)
  INTO contacts, users
  FROM order_contacts c LEFT JOIN recipients r USING (user_id)
  WHERE c.order_id = ANY (p_orders);
  RETURN jsonb_build_object('contacts', coalesce(contacts, '[]'), 'languages', coalesce((
    SELECT jsonb_object_agg(user_id, jsonb_build_object('locale', locale, 'account', account_locale))
    FROM recipients WHERE user_id = ANY (users)), '{}'));
END
$$;
