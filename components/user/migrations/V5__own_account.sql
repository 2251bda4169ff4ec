-- What somebody does with the own account: profile, sessions, addresses, export, farewell.

-- Exchanges a refresh token as before, and remembers when the session was last used.
CREATE OR REPLACE FUNCTION rotate_refresh_token(p_hash text, p_next_hash text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  presented refresh_tokens;
  session sessions;
  account accounts;
BEGIN
  SELECT * INTO presented FROM refresh_tokens WHERE hash = decode(p_hash, 'hex');
  IF NOT FOUND THEN
    RETURN jsonb_build_object('outcome', 'unknown');
  END IF;
  -- The session's row is the lock: of two exchanges of one token the second sees what the first did.
  SELECT * INTO session FROM sessions WHERE id = presented.session_id FOR UPDATE;
  IF NOT FOUND THEN
    RETURN jsonb_build_object('outcome', 'unknown');
  END IF;
  IF session.revoked_at IS NOT NULL THEN
    RETURN jsonb_build_object('outcome', 'revoked');
  END IF;
  SELECT * INTO presented FROM refresh_tokens WHERE hash = decode(p_hash, 'hex');
  IF presented.used_at IS NOT NULL THEN
    UPDATE sessions SET revoked_at = now(), revoked_reason = 'token_reused' WHERE id = session.id;
    RETURN jsonb_build_object('outcome', 'reused');
  END IF;
  IF presented.expires_at <= now() OR session.expires_at <= now() THEN
    RETURN jsonb_build_object('outcome', 'expired');
  END IF;
  SELECT * INTO account FROM accounts WHERE id = session.account_id;
  IF account.disabled_at IS NOT NULL THEN
    UPDATE sessions SET revoked_at = now(), revoked_reason = 'account_disabled' WHERE id = session.id;
    RETURN jsonb_build_object('outcome', 'revoked');
  END IF;
  UPDATE refresh_tokens SET used_at = now() WHERE hash = presented.hash;
  UPDATE sessions SET expires_at = least(now() + interval '30 days', ends_at), last_used_at = now()
  WHERE id = session.id
  RETURNING * INTO session;
  INSERT INTO refresh_tokens (hash, session_id, expires_at)
  VALUES (decode(p_next_hash, 'hex'), session.id, session.expires_at);
  RETURN jsonb_build_object('outcome', 'rotated', 'account', account_json(account));
END
$$;

-- The sessions of an account that go on, the most recently used first.
CREATE FUNCTION sessions_json(p_account_id uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'id', s.id, 'device', s.device, 'created_at', rfc3339(s.created_at), 'last_used_at', rfc3339(s.last_used_at),
    'expires_at', rfc3339(s.expires_at)) ORDER BY s.last_used_at DESC, s.id DESC), '[]')
  FROM sessions s
  WHERE s.account_id = p_account_id AND s.revoked_at IS NULL AND s.expires_at > now()
$$;

-- Ends one session of an account. False when the account has no such session that goes on.
CREATE FUNCTION end_session(p_account_id uuid, p_session_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  UPDATE sessions SET revoked_at = now(), revoked_reason = 'ended_by_owner'
  WHERE id = p_session_id AND account_id = p_account_id AND revoked_at IS NULL AND expires_at > now();
  RETURN FOUND;
END
$$;

-- Changes name and locale; null leaves one as it is. The account as it is now, or null when it is gone.
CREATE FUNCTION update_profile(p_account_id uuid, p_name text, p_locale text, p_traceparent text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  UPDATE accounts SET name = coalesce(p_name, name), locale = coalesce(p_locale, locale), updated_at = now()
  WHERE id = p_account_id AND (name, locale) IS DISTINCT FROM (coalesce(p_name, name), coalesce(p_locale, locale))
  RETURNING * INTO account;
  IF FOUND THEN
    PERFORM emit('souk:user', 'user.updated', 1, account.id::text, p_traceparent, contact_json(account));
    RETURN account_json(account);
  END IF;
  RETURN (SELECT account_json(a) FROM accounts a WHERE a.id = p_account_id);
END
$$;

-- Deletes an account whose password was verified against `p_password_hash`, with all that belongs to it: 'deleted',
-- 'admin' (another admin has to take the role away first, so that one is always left), or 'changed' when the account is
-- gone or has another password by now.
CREATE FUNCTION delete_account(p_account_id uuid, p_password_hash text, p_traceparent text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  SELECT * INTO account FROM accounts WHERE id = p_account_id AND password_hash = p_password_hash FOR UPDATE;
  IF NOT FOUND THEN
    RETURN 'changed';
  END IF;
  IF 'admin' = ANY (account.roles) THEN
    RETURN 'admin';
  END IF;
  DELETE FROM accounts WHERE id = account.id;
  PERFORM emit('souk:user', 'user.deleted', 1, account.id::text, p_traceparent,
               jsonb_build_object('user_id', account.id));
  RETURN 'deleted';
END
$$;

CREATE FUNCTION address_json(a addresses) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('id', a.id, 'name', a.name, 'line1', a.line1, 'line2', a.line2, 'city', a.city,
                            'postal_code', a.postal_code, 'region', a.region, 'country', a.country,
                            'is_default', a.is_default)
$$;

-- The addresses of an account: the default one, then by age.
CREATE FUNCTION addresses_json(p_account_id uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(address_json(a) ORDER BY a.is_default DESC, a.id), '[]')
  FROM addresses a WHERE a.account_id = p_account_id
$$;

-- Adds an address; the first one is the default in any case. Outcome 'added', 'full', or 'gone' without the account.
CREATE FUNCTION add_address(p_account_id uuid, p_address jsonb, p_default boolean)
RETURNS TABLE (outcome text, address jsonb)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  free int;
  added addresses;
BEGIN
  -- The account's row is the lock: of two first addresses at once one is the default.
  PERFORM FROM accounts a WHERE a.id = p_account_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'gone', NULL::jsonb;
    RETURN;
  END IF;
  SELECT min(n) INTO free FROM generate_series(1, 20) AS n
  WHERE NOT EXISTS (SELECT FROM addresses a WHERE a.account_id = p_account_id AND a.place = n);
  IF free IS NULL THEN
    RETURN QUERY SELECT 'full', NULL::jsonb;
    RETURN;
  END IF;
  IF p_default THEN
    UPDATE addresses a SET is_default = false WHERE a.account_id = p_account_id AND a.is_default;
  END IF;
  INSERT INTO addresses (id, account_id, place, name, line1, line2, city, postal_code, region, country, is_default)
  VALUES (uuid_v7(), p_account_id, free, p_address ->> 'name', p_address ->> 'line1', p_address ->> 'line2',
          p_address ->> 'city', p_address ->> 'postal_code', p_address ->> 'region', p_address ->> 'country',
          NOT EXISTS (SELECT FROM addresses a WHERE a.account_id = p_account_id AND a.is_default))
  RETURNING * INTO added;
  RETURN QUERY SELECT 'added', address_json(added);
END
$$;

-- Replaces an address; `p_default` makes it the default, and false leaves that as it is. Null when the account has no
-- such address.
CREATE FUNCTION replace_address(p_account_id uuid, p_id uuid, p_address jsonb, p_default boolean) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  replaced addresses;
BEGIN
  PERFORM FROM accounts WHERE id = p_account_id FOR NO KEY UPDATE;
  IF p_default AND EXISTS (SELECT FROM addresses WHERE id = p_id AND account_id = p_account_id) THEN
    UPDATE addresses SET is_default = false WHERE account_id = p_account_id AND is_default AND id <> p_id;
  END IF;
  UPDATE addresses
  SET name = p_address ->> 'name', line1 = p_address ->> 'line1', line2 = p_address ->> 'line2',
      city = p_address ->> 'city', postal_code = p_address ->> 'postal_code', region = p_address ->> 'region',
      country = p_address ->> 'country', is_default = is_default OR p_default, updated_at = now()
  WHERE id = p_id AND account_id = p_account_id
  RETURNING * INTO replaced;
  RETURN CASE WHEN FOUND THEN address_json(replaced) END;
END
$$;

-- Removes an address; when it was the default, the one changed last becomes it. False when there is no such address.
CREATE FUNCTION remove_address(p_account_id uuid, p_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  was_default boolean;
BEGIN
  PERFORM FROM accounts WHERE id = p_account_id FOR NO KEY UPDATE;
  DELETE FROM addresses WHERE id = p_id AND account_id = p_account_id RETURNING is_default INTO was_default;
  IF was_default THEN
    UPDATE addresses SET is_default = true
    WHERE id = (SELECT id FROM addresses WHERE account_id = p_account_id ORDER BY updated_at DESC, id DESC LIMIT 1);
  END IF;
  RETURN was_default IS NOT NULL;
END
$$;

-- Everything that this service knows of an account, secrets apart. Null when the account is gone.
CREATE FUNCTION export_account(p_account_id uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'exported_at', rfc3339(now()),
    'account', account_json(a) || jsonb_build_object(
      'email_verified_at', rfc3339(a.email_verified_at), 'password_changed_at', rfc3339(a.password_changed_at),
      'disabled_at', rfc3339(a.disabled_at), 'updated_at', rfc3339(a.updated_at)),
    'addresses', (SELECT coalesce(jsonb_agg(address_json(d) || jsonb_build_object(
        'created_at', rfc3339(d.created_at), 'updated_at', rfc3339(d.updated_at)) ORDER BY d.id), '[]')
      FROM addresses d WHERE d.account_id = a.id),
    'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', s.id, 'device', s.device, 'created_at', rfc3339(s.created_at),
        'last_used_at', rfc3339(s.last_used_at), 'expires_at', rfc3339(s.expires_at),
        'ended_at', rfc3339(s.revoked_at), 'ended_because', s.revoked_reason) ORDER BY s.id), '[]')
      FROM sessions s WHERE s.account_id = a.id),
    'mailed_tokens', (SELECT coalesce(jsonb_agg(jsonb_build_object(
        'purpose', t.purpose, 'created_at', rfc3339(t.created_at), 'expires_at', rfc3339(t.expires_at))
        ORDER BY t.created_at), '[]')
      FROM account_tokens t WHERE t.account_id = a.id))
  FROM accounts a WHERE a.id = p_account_id
$$;
