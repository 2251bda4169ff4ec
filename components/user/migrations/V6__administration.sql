-- What staff see and admins change, and the clean-up that each tick does.

-- An account as staff see it.
CREATE FUNCTION account_for_staff(a accounts) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT account_json(a) || jsonb_build_object(
    'disabled', a.disabled_at IS NOT NULL, 'disabled_at', rfc3339(a.disabled_at), 'updated_at', rfc3339(a.updated_at))
$$;

-- Changes roles and whether the account is disabled; null leaves either as it is. Outcome 'changed', 'missing',
-- 'not_admin' when the actor has been demoted since the token was issued, or 'own_account' when an admin would lose the
-- own role or access. Since only an admin changes accounts and none can demote itself, one is always left: both rows
-- are locked, so of two admins who demote each other at once one is too late.
CREATE FUNCTION change_account(p_actor uuid, p_id uuid, p_roles text[], p_disabled boolean)
RETURNS TABLE (outcome text, account jsonb)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  changed accounts;
BEGIN
  PERFORM FROM accounts a WHERE a.id IN (p_actor, p_id) ORDER BY a.id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM accounts a
                 WHERE a.id = p_actor AND a.disabled_at IS NULL AND 'admin' = ANY (a.roles)) THEN
    RETURN QUERY SELECT 'not_admin', NULL::jsonb;
    RETURN;
  END IF;
  IF p_actor = p_id AND (p_disabled IS TRUE OR NOT coalesce('admin' = ANY (p_roles), true)) THEN
    RETURN QUERY SELECT 'own_account', NULL::jsonb;
    RETURN;
  END IF;
  UPDATE accounts a
  SET roles = CASE WHEN p_roles IS NULL THEN a.roles ELSE ARRAY(
        SELECT role FROM unnest(ARRAY['customer', 'support', 'merchant', 'admin']) WITH ORDINALITY AS r (role, n)
        WHERE role = ANY (p_roles) ORDER BY n) END,
      disabled_at = CASE WHEN p_disabled IS NULL THEN a.disabled_at WHEN p_disabled THEN coalesce(a.disabled_at, now()) END,
      updated_at = now()
  WHERE a.id = p_id
  RETURNING * INTO changed;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'missing', NULL::jsonb;
    RETURN;
  END IF;
  IF changed.disabled_at IS NOT NULL THEN
    DELETE FROM account_tokens t WHERE t.account_id = changed.id;
    PERFORM end_sessions(changed.id, 'account_disabled', NULL);
  END IF;
  RETURN QUERY SELECT 'changed', account_for_staff(changed);
END
$$;

-- Deletes a slice of what is over: sessions and refresh tokens, and mailed tokens as soon as they have expired. Returns
-- how many rows went.
CREATE FUNCTION sweep(p_limit int) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  WITH expired AS (
    SELECT hash FROM account_tokens WHERE expires_at <= now() ORDER BY expires_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM account_tokens t USING expired WHERE t.hash = expired.hash RETURNING 1
  )
  SELECT (SELECT count(*) FROM gone) + sweep_sessions(p_limit)
$$;
