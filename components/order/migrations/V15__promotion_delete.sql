-- Deletes a code that no order uses. One that an order uses stays, since the order's history names it: it can be switched
-- off. Outcomes: ok, not_found, used.
CREATE FUNCTION promotion_delete(p_code text, OUT outcome text)
LANGUAGE plpgsql AS $$
BEGIN
  -- Waits for every use that is just being made; those to come find no code any more.
  PERFORM 1 FROM promotions WHERE code = p_code FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'not_found';
  ELSIF EXISTS (SELECT FROM promotion_redemptions WHERE code = p_code) THEN
    outcome := 'used';
  ELSE
    DELETE FROM promotions WHERE code = p_code;
    outcome := 'ok';
  END IF;
END
$$;
