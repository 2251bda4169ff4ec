-- Registration, sign-in, and what a mailed token or the password allows. Each is one statement. Whoever changes an
-- account's credentials locks its row first, then its tokens and sessions: two of them wait for each other, and a
-- sign-in under way (which shares the row) is seen or fails.

-- The account as the API shows it to its owner.
CREATE OR REPLACE FUNCTION account_json(a accounts) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('id', a.id, 'email', a.email, 'name', a.name, 'locale', a.locale, 'roles', to_jsonb(a.roles),
                            'email_verified', a.email_verified_at IS NOT NULL, 'created_at', rfc3339(a.created_at))
$$;

-- Whom a mail goes to: the data of most events.
CREATE FUNCTION contact_json(a accounts) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('user_id', a.id, 'email', a.email, 'name', a.name, 'locale', a.locale)
$$;

DROP FUNCTION register_account(uuid, text, text, text, text, text);
DROP FUNCTION sign_in(uuid, text, text);
DROP FUNCTION open_session(uuid, text);

-- Opens a session with its first refresh token. Tokens live 30 days unused, a session 180 days in all.
CREATE FUNCTION open_session(p_account_id uuid, p_token_hash text, p_device text) RETURNS uuid
LANGUAGE sql VOLATILE AS $$
  WITH session AS (
    INSERT INTO sessions (id, account_id, device, expires_at, ends_at)
    VALUES (uuid_v7(), p_account_id, p_device, now() + interval '30 days', now() + interval '180 days')
    RETURNING id, expires_at
  )
  INSERT INTO refresh_tokens (hash, session_id, expires_at)
  SELECT decode(p_token_hash, 'hex'), session.id, session.expires_at FROM session
  RETURNING session_id
$$;

-- Ends the sessions of an account, all but `p_except`. Returns how many.
CREATE FUNCTION end_sessions(p_account_id uuid, p_reason text, p_except uuid) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  WITH ended AS (
    UPDATE sessions SET revoked_at = now(), revoked_reason = p_reason
    WHERE account_id = p_account_id AND revoked_at IS NULL AND id IS DISTINCT FROM p_except
    RETURNING 1
  )
  SELECT count(*) FROM ended
$$;

-- Remembers a token of `p_account` for so long, and has it mailed. The event is the only place where the token itself
-- ever is.
CREATE FUNCTION mail_token(
  p_account accounts, p_purpose text, p_event text, p_token text, p_token_hash text, p_ttl interval, p_traceparent text
) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  until timestamptz := now() + p_ttl;
BEGIN
  INSERT INTO account_tokens (hash, purpose, account_id, expires_at)
  VALUES (decode(p_token_hash, 'hex'), p_purpose, p_account.id, until);
  IF p_account.id IS NOT NULL THEN
    PERFORM emit('souk:user', p_event, 1, p_account.id::text, p_traceparent,
                 contact_json(p_account) || jsonb_build_object('token', p_token, 'expires_at', rfc3339(until)));
  END IF;
END
$$;

-- Uses a token up: the account it was mailed to, its row now locked, or null when the token is none, is over, or was
-- used. Of two uses at once the second waits for the account's row and then finds no token.
CREATE FUNCTION take_token(p_purpose text, p_token_hash text) RETURNS accounts
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  SELECT a.* INTO account FROM accounts a
  WHERE a.id = (SELECT t.account_id FROM account_tokens t WHERE t.hash = decode(p_token_hash, 'hex'))
  FOR NO KEY UPDATE;
  DELETE FROM account_tokens
  WHERE hash = decode(p_token_hash, 'hex') AND purpose = p_purpose AND account_id = account.id AND expires_at > now();
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN account;
END
$$;

-- Creates the account, signs it in, announces it and asks it to verify its address. Violates accounts_email_key when
-- the address is taken.
CREATE FUNCTION register_account(
  p_id uuid, p_email text, p_name text, p_locale text, p_password_hash text, p_session_hash text, p_device text,
  p_token text, p_token_hash text, p_traceparent text
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  INSERT INTO accounts (id, email, name, locale, password_hash)
  VALUES (p_id, p_email, p_name, p_locale, p_password_hash)
  RETURNING * INTO account;
  -- Session and token refer to an account of this very statement, hence commands of their own.
  PERFORM open_session(account.id, p_session_hash, p_device);
  PERFORM emit('souk:user', 'user.registered', 1, account.id::text, p_traceparent, contact_json(account));
  PERFORM mail_token(account, 'verify_email', 'user.verification_requested', p_token, p_token_hash,
                     interval '24 hours', p_traceparent);
  RETURN account_json(account);
END
$$;

-- Opens a session for an account whose password was verified against `p_password_hash`. Null when the account has
-- been disabled, deleted or given another password since.
CREATE FUNCTION sign_in(p_account_id uuid, p_password_hash text, p_session_hash text, p_device text) RETURNS jsonb
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
  PERFORM open_session(account.id, p_session_hash, p_device);
  RETURN account_json(account);
END
$$;

-- Mails another token to an account that wants its address verified: 'sent', 'verified' when it is already, 'gone'.
CREATE FUNCTION request_verification(p_account_id uuid, p_token text, p_token_hash text, p_traceparent text)
RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  SELECT * INTO account FROM accounts WHERE id = p_account_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN 'gone';
  END IF;
  IF account.email_verified_at IS NOT NULL THEN
    RETURN 'verified';
  END IF;
  PERFORM mail_token(account, 'verify_email', 'user.verification_requested', p_token, p_token_hash,
                     interval '24 hours', p_traceparent);
  RETURN 'sent';
END
$$;

-- Takes a mailed token as proof of the account's address. False when the token is good for nothing (any more).
CREATE FUNCTION verify_email(p_token_hash text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts := take_token('verify_email', p_token_hash);
BEGIN
  IF account.id IS NULL THEN
    RETURN false;
  END IF;
  UPDATE accounts SET email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
  WHERE id = account.id;
  DELETE FROM account_tokens WHERE account_id = account.id AND purpose = 'verify_email';
  RETURN true;
END
$$;

-- Mails a token to the account with this address. Without such an account, or with a disabled one, nobody's token is
-- written instead.
CREATE FUNCTION request_password_reset(p_email text, p_token text, p_token_hash text, p_traceparent text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  SELECT * INTO account FROM accounts WHERE lower(email) = lower(p_email) AND disabled_at IS NULL FOR KEY SHARE;
  PERFORM mail_token(account, 'reset_password', 'user.password_reset_requested', p_token, p_token_hash,
                     interval '1 hour', p_traceparent);
END
$$;

-- Gives the account of a mailed token another password and ends all its sessions. Who reads the account's mail has
-- proved its address, too. Returns the account's address, or null when the token is good for nothing (any more).
CREATE FUNCTION reset_password(p_token_hash text, p_password_hash text, p_traceparent text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts := take_token('reset_password', p_token_hash);
BEGIN
  IF account.id IS NULL THEN
    RETURN NULL;
  END IF;
  UPDATE accounts
  SET password_hash = p_password_hash, password_changed_at = now(), updated_at = now(),
      email_verified_at = coalesce(email_verified_at, now())
  WHERE id = account.id;
  DELETE FROM account_tokens WHERE account_id = account.id;
  PERFORM end_sessions(account.id, 'password_changed', NULL);
  PERFORM emit('souk:user', 'user.password_changed', 1, account.id::text, p_traceparent, contact_json(account));
  RETURN account.email;
END
$$;

-- Changes a password that was verified against `p_old_hash`. The session of `p_keep_hash` (a refresh token of the
-- account; may be null) goes on, all others end, and no reset that was asked for before works any more. False when the
-- password was changed in the meantime.
CREATE FUNCTION change_password(
  p_account_id uuid, p_old_hash text, p_new_hash text, p_keep_hash text, p_traceparent text
) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  account accounts;
BEGIN
  UPDATE accounts SET password_hash = p_new_hash, password_changed_at = now(), updated_at = now()
  WHERE id = p_account_id AND password_hash = p_old_hash AND disabled_at IS NULL
  RETURNING * INTO account;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM account_tokens WHERE account_id = account.id AND purpose = 'reset_password';
  PERFORM end_sessions(account.id, 'password_changed',
                       (SELECT session_id FROM refresh_tokens WHERE hash = decode(p_keep_hash, 'hex')));
  PERFORM emit('souk:user', 'user.password_changed', 1, account.id::text, p_traceparent, contact_json(account));
  RETURN true;
END
$$;
