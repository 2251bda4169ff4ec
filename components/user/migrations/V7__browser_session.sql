-- Refresh tokens that a browser keeps in a cookie.

-- Exchanges a browser's refresh token as `rotate_refresh_token` does, but for ten seconds after the exchange once more:
-- a page that is left before the answer arrives has not kept the successor, and a second tab may have sent the same
-- cookie at the same moment. After that a token that comes back revokes its session, as everywhere. Each exchange within
-- the ten seconds counts from the first, so presenting a token again does not keep it alive; and since a session has one
-- live token, the successor that nobody seems to have kept gives way to the next.
CREATE FUNCTION renew_browser_session(p_hash text, p_next_hash text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  first_used timestamptz;
  outcome jsonb;
BEGIN
  -- The session's row is the lock, as in rotate_refresh_token: what follows sees what another exchange did.
  PERFORM 1 FROM sessions WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = decode(p_hash, 'hex')) FOR UPDATE;
  SELECT used_at INTO first_used FROM refresh_tokens
  WHERE hash = decode(p_hash, 'hex') AND used_at > clock_timestamp() - interval '10 seconds';
  IF first_used IS NOT NULL THEN
    UPDATE refresh_tokens SET used_at = clock_timestamp()
    WHERE session_id = (SELECT session_id FROM refresh_tokens WHERE hash = decode(p_hash, 'hex')) AND used_at IS NULL;
    UPDATE refresh_tokens SET used_at = NULL WHERE hash = decode(p_hash, 'hex');
  END IF;
  outcome := rotate_refresh_token(p_hash, p_next_hash);
  IF first_used IS NOT NULL THEN
    UPDATE refresh_tokens SET used_at = first_used WHERE hash = decode(p_hash, 'hex');
  END IF;
  RETURN outcome;
END
$$;
