-- Changes of a cart. Each function is called as one statement and answers with an outcome and the cart as it is now.
-- The cart's row is locked before its lines change, so that lines, version and checkout never disagree.

-- Outcomes: ok, unknown_sku, cart_full, currency_mismatch, account_deleted.
CREATE FUNCTION cart_put(p_user uuid, p_sku text, p_quantity int, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  offer sellable;
  cart carts;
  others bigint;
BEGIN
  SELECT * INTO offer FROM sellable WHERE sku = p_sku AND active;
  IF NOT FOUND THEN
    outcome := 'unknown_sku';
    RETURN;
  END IF;
  SELECT * INTO cart FROM carts WHERE user_id = p_user AND status = 'open' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM erased_users WHERE user_id = p_user) THEN
      outcome := 'account_deleted';
      RETURN;
    END IF;
    INSERT INTO carts (user_id, currency) VALUES (p_user, offer.currency)
    ON CONFLICT (user_id) WHERE status = 'open' DO UPDATE SET version = carts.version
    RETURNING * INTO cart;
  END IF;
  SELECT count(*) INTO others FROM cart_items WHERE cart_id = cart.id AND sku <> p_sku;
  IF others >= 100 THEN
    outcome := 'cart_full';
    RETURN;
  ELSIF others > 0 AND cart.currency <> offer.currency THEN
    outcome := 'currency_mismatch';
    RETURN;
  END IF;
  INSERT INTO cart_items (cart_id, sku, quantity) VALUES (cart.id, p_sku, p_quantity)
  ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = excluded.quantity;
  UPDATE carts SET version = version + 1, currency = offer.currency, updated_at = now() WHERE id = cart.id;
  outcome := 'ok';
  body := cart_view(p_user);
END
$$;

-- Takes one line out, or all of them when `p_sku` is null. Taking out what is not there is no error.
CREATE FUNCTION cart_remove(p_user uuid, p_sku text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  cart carts;
BEGIN
  SELECT * INTO cart FROM carts WHERE user_id = p_user AND status = 'open' FOR NO KEY UPDATE;
  IF FOUND THEN
    DELETE FROM cart_items WHERE cart_id = cart.id AND (p_sku IS NULL OR sku = p_sku);
    IF FOUND THEN
      UPDATE carts SET version = version + 1, updated_at = now() WHERE id = cart.id;
    END IF;
  END IF;
  RETURN cart_view(p_user);
END
$$;
