-- Each change of an account or a session is one call of one of these functions: one statement, one transaction.

-- The account as the API shows it.
CREATE FUNCTION account_json(a accounts) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('id', a.id, 'email', a.email, 'name', a.name, 'roles', to_jsonb(a.roles),
                            'created_at', rfc3339(a.created_at))
$$;

-- Opens a session with its first refresh token. Tokens live 30 days unused, a session 180 days in all.
CREATE FUNCTION open_session(p_account_id uuid, p_token_hash text) RETURNS uuid
LANGUAGE sql VOLATILE AS $$
  WITH session AS (
    INSERT INTO sessions (id, account_id, expires_at, ends_at)
    VALUES (uuid_v7(), p_account_id, now() + interval '30 days', now() + interval '180 days')
    RETURNING id, expires_at
  )
  INSERT INTO refresh_tokens (hash, session_id, expires_at)
  SELECT decode(p_token_hash, 'hex'), session.id, session.expires_at FROM session
  RETURNING session_id
$$;

-- Creates the account, signs it in and announces it. Violates accounts_email_key when the address is taken.
CREATE FUNCTION register_account(
  p_id uuid, p_email text, p_name text, p_password_hash text, p_token_hash text, p_traceparent text
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  INSERT INTO accounts (id, email, name, password_hash) VALUES (p_id, p_email, p_name, p_password_hash)
  RETURNING * INTO account;
  -- The session refers to an account of this very statement, hence the second command.
  PERFORM open_session(account.id, p_token_hash);
  PERFORM emit('souk:user', 'user.registered', 1, account.id::text, p_traceparent,
               jsonb_build_object('user_id', account.id, 'email', account.email, 'name', account.name));
  RETURN account_json(account);
END
$$;

-- Opens a session for an account whose password was verified against `p_password_hash`. Null when the account has
-- been disabled, deleted or given another password since.
CREATE FUNCTION sign_in(p_account_id uuid, p_password_hash text, p_token_hash text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  SELECT * INTO account FROM accounts
  WHERE id = p_account_id AND password_hash = p_password_hash AND disabled_at IS NULL
  FOR SHARE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM open_session(account.id, p_token_hash);
  RETURN account_json(account);
END
$$;

-- Exchanges a refresh token for its successor. Returns {"outcome": "rotated", "account": {...}}, or the outcome
-- 'unknown', 'expired', 'revoked' or 'reused'. A token that was exchanged before revokes its whole session: either
-- the thief or the owner holds the successor, and nobody can tell which.
CREATE FUNCTION rotate_refresh_token(p_hash text, p_next_hash text) RETURNS jsonb
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
  UPDATE sessions SET expires_at = least(now() + interval '30 days', ends_at) WHERE id = session.id
  RETURNING * INTO session;
  INSERT INTO refresh_tokens (hash, session_id, expires_at)
  VALUES (decode(p_next_hash, 'hex'), session.id, session.expires_at);
  RETURN jsonb_build_object('outcome', 'rotated', 'account', account_json(account));
END
$$;

-- Ends the session that the token belongs to, whichever of its tokens it is. True when one was ended.
CREATE FUNCTION sign_out(p_hash text) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
  WITH ended AS (
    UPDATE sessions SET revoked_at = now(), revoked_reason = 'logout'
    WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = decode(p_hash, 'hex')) AND revoked_at IS NULL
    RETURNING 1
  )
  SELECT EXISTS (SELECT FROM ended)
$$;

-- Gives the account with this address a role. False when there is no such account; true also when it had the role.
CREATE FUNCTION grant_role(p_email text, p_role text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_role NOT IN ('customer', 'support', 'merchant', 'admin') THEN
    RAISE EXCEPTION 'there is no role "%": use customer, support, merchant or admin', p_role
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  UPDATE accounts
  SET roles = CASE WHEN p_role = ANY (roles) THEN roles ELSE array_append(roles, p_role) END,
      updated_at = CASE WHEN p_role = ANY (roles) THEN updated_at ELSE now() END
  WHERE lower(email) = lower(p_email);
  RETURN FOUND;
END
$$;

-- Deletes what ended more than a week ago, a slice at a time: sessions with their tokens, and spent tokens of sessions
-- that go on. The week keeps the difference between "reused" and "unknown" for a while. Returns how many rows went.
CREATE FUNCTION sweep_sessions(p_limit int) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  WITH over AS (
    (SELECT id FROM sessions WHERE expires_at < now() - interval '7 days' ORDER BY expires_at LIMIT p_limit)
    UNION
    (SELECT id FROM sessions WHERE revoked_at < now() - interval '7 days' ORDER BY revoked_at LIMIT p_limit)
  ), locked AS (
    SELECT s.id FROM sessions s JOIN over USING (id) ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
  ), gone AS (
    DELETE FROM sessions s USING locked WHERE s.id = locked.id RETURNING 1
  ), spent AS (
    SELECT hash FROM refresh_tokens
    WHERE expires_at < now() - interval '7 days' AND session_id NOT IN (SELECT id FROM over)
    ORDER BY expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), spent_gone AS (
    DELETE FROM refresh_tokens t USING spent WHERE t.hash = spent.hash RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM spent_gone)
$$;
