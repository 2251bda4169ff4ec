-- What people choose, and what support does with messages.

-- What somebody chose, or would have chosen for them.
CREATE FUNCTION preferences_of(p_user uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('locale', coalesce(r.locale, 'en'), 'categories', jsonb_build_object(
    'account', true, 'orders', true, 'stock', coalesce(r.stock, true), 'news', coalesce(r.news, false)))
  FROM (SELECT p_user AS user_id) AS asked LEFT JOIN recipients r USING (user_id)
$$;

-- Changes what is not null; returns what then counts.
CREATE FUNCTION set_preferences(p_user uuid, p_locale text, p_stock boolean, p_news boolean) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO recipients AS r (user_id, locale, stock, news)
  VALUES (p_user, coalesce(p_locale, 'en'), coalesce(p_stock, true), coalesce(p_news, false))
  ON CONFLICT (user_id) DO UPDATE
  SET locale = coalesce(p_locale, r.locale), stock = coalesce(p_stock, r.stock), news = coalesce(p_news, r.news);
  RETURN preferences_of(p_user);
END
$$;

-- Switches off what a mail's link is for, however often it is followed; returns the category, null for a link that was
-- never given out or is forgotten.
CREATE FUNCTION unsubscribe(p_token text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  link unsubscribe_tokens;
BEGIN
  SELECT * INTO link FROM unsubscribe_tokens WHERE token_hash = sha256(convert_to(p_token, 'UTF8'));
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO recipients AS r (user_id, stock, news) VALUES (link.user_id, link.category <> 'stock', false)
  ON CONFLICT (user_id) DO UPDATE
  SET stock = r.stock AND link.category <> 'stock', news = r.news AND link.category <> 'news';
  RETURN link.category;
END
$$;

-- A message as support sees it.
CREATE FUNCTION message_view(m messages) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('id', m.id, 'template', m.template, 'category', m.category, 'locale', m.locale,
    'user_id', m.user_id, 'order_id', m.order_id, 'to', m.recipient, 'subject', m.subject, 'status', m.status,
    'error', m.error, 'created_at', rfc3339(m.created_at), 'settled_at', rfc3339(m.settled_at),
    'resend_of', m.resend_of, 'resent_by', m.resent_by)
$$;

-- A message as its recipient sees it.
CREATE FUNCTION my_message_view(m messages) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('id', m.id, 'template', m.template, 'category', m.category, 'subject', m.subject,
    'status', m.status, 'order_id', m.order_id, 'created_at', rfc3339(m.created_at))
$$;

-- A message and what it was made from (null when that is not kept), and whom the account's mails go to now.
CREATE FUNCTION message_with_source(p_id uuid, OUT view jsonb, OUT source jsonb, OUT address text)
LANGUAGE sql STABLE AS $$
  SELECT message_view(m), s.event, coalesce(r.email, m.recipient)
  FROM messages m LEFT JOIN message_sources s ON s.message_id = m.id LEFT JOIN recipients r ON r.user_id = m.user_id
  WHERE m.id = p_id
$$;

-- Sends a message again, as a new one: {"id", "message": {...}, "source"} as for write_messages, with `resend_of` and
-- `resent_by`. What a bounce put out of use is tried again; what its recipient does not want is not sent.
-- Outcomes: ok, under_way (the message or a copy of it is not settled yet), unwanted.
CREATE FUNCTION resend_message(p_effect jsonb, OUT outcome text, OUT view jsonb)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  original uuid := p_effect #>> '{message,resend_of}';
BEGIN
  -- One at a time: two presses of one button are one wish.
  PERFORM FROM messages WHERE id = original FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM messages WHERE (id = original OR resend_of = original) AND status = 'queued') THEN
    outcome := 'under_way';
    RETURN;
  END IF;
  PERFORM write_messages(ARRAY[jsonb_set(p_effect, '{message,asked_for}', 'true')]);
  SELECT CASE WHEN m.status = 'queued' THEN 'ok' ELSE 'unwanted' END, message_view(m) INTO outcome, view
  FROM messages m WHERE m.id = (p_effect #>> '{message,id}')::uuid;
END
$$;

-- The least UUIDv7 of a moment.
CREATE FUNCTION uuid_floor(at timestamptz) RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Forgets a slice of what is no longer needed: applied event ids after a month, what mails were made from after 90 days,
-- links of mails that are more than 400 days old. Returns how many rows that were.
CREATE FUNCTION sweep(p_limit int) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  total bigint := sweep_inbox(p_limit);
  gone bigint;
BEGIN
  DELETE FROM message_sources WHERE message_id IN (
    SELECT message_id FROM message_sources WHERE message_id < uuid_floor(now() - interval '90 days')
    ORDER BY message_id LIMIT p_limit FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS gone = ROW_COUNT;
  total := total + gone;
  DELETE FROM unsubscribe_tokens WHERE token_hash IN (
    SELECT token_hash FROM unsubscribe_tokens WHERE created_at < now() - interval '400 days'
    ORDER BY created_at LIMIT p_limit FOR UPDATE SKIP LOCKED);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN total + gone;
END
$$;
