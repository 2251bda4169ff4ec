-- Carts of guests, and carts that several tabs change at once: relative changes, changes that hold only for the version
-- that was seen, and the merge of a guest's cart into the account's.

-- Moves a cart's version on. Versions follow the clock, so that a shopper's next cart never repeats one that a tab still
-- remembers of the last. The caller has locked the cart.
CREATE FUNCTION cart_touch(p_cart uuid, p_currency text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE carts SET version = greatest(version + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint),
    currency = coalesce(p_currency, currency), updated_at = now()
  WHERE id = p_cart;
END
$$;

-- Sets the quantity of a SKU, or (`p_is_delta`) adds to it; what falls to zero or below goes out. `p_version` is the
-- version that the caller saw, null when it does not matter. The first line of a new cart is told as cart.started.
-- Outcomes: ok, unknown_sku, cart_full, quantity_limit, currency_mismatch, account_deleted, changed.
DROP FUNCTION cart_put(uuid, text, int);
CREATE FUNCTION cart_put(p_user uuid, p_sku text, p_quantity int, p_is_delta boolean DEFAULT false,
  p_version bigint DEFAULT NULL, p_is_guest boolean DEFAULT false, p_traceparent text DEFAULT NULL,
  OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  offer sellable;
  cart carts;
  others bigint;
  was int;
BEGIN
  SELECT * INTO cart FROM carts WHERE user_id = p_user AND status = 'open' FOR NO KEY UPDATE;
  IF p_version IS NOT NULL AND p_version <> coalesce(cart.version, 0) THEN
    outcome := 'changed';
    RETURN;
  END IF;
  IF p_is_delta AND p_quantity <= 0 THEN
    -- Taking out works for what is no longer for sale, too.
    SELECT quantity INTO was FROM cart_items WHERE cart_id = cart.id AND sku = p_sku;
    IF FOUND THEN
      IF was + p_quantity > 0 THEN
        UPDATE cart_items SET quantity = was + p_quantity WHERE cart_id = cart.id AND sku = p_sku;
      ELSE
        DELETE FROM cart_items WHERE cart_id = cart.id AND sku = p_sku;
      END IF;
      PERFORM cart_touch(cart.id, NULL);
    END IF;
    outcome := 'ok';
    body := cart_view(p_user);
    RETURN;
  END IF;
  SELECT * INTO offer FROM sellable WHERE sku = p_sku AND active;
  IF NOT FOUND THEN
    outcome := 'unknown_sku';
    RETURN;
  END IF;
  IF cart.id IS NULL THEN
    IF EXISTS (SELECT FROM erased_users WHERE user_id = p_user) THEN
      outcome := 'account_deleted';
      RETURN;
    END IF;
    INSERT INTO carts (user_id, currency) VALUES (p_user, offer.currency)
    ON CONFLICT (user_id) WHERE status = 'open' DO UPDATE SET version = carts.version
    RETURNING * INTO cart;
    IF p_version IS NOT NULL AND cart.version > 1 THEN
      outcome := 'changed';
      RETURN;
    END IF;
  END IF;
  SELECT count(*) FILTER (WHERE sku <> p_sku), sum(quantity) FILTER (WHERE sku = p_sku) INTO others, was
  FROM cart_items WHERE cart_id = cart.id;
  IF others >= 100 THEN
    outcome := 'cart_full';
    RETURN;
  ELSIF p_is_delta AND coalesce(was, 0) + p_quantity > 1000 THEN
    outcome := 'quantity_limit';
    RETURN;
  ELSIF others > 0 AND cart.currency <> offer.currency THEN
    outcome := 'currency_mismatch';
    RETURN;
  END IF;
  INSERT INTO cart_items (cart_id, sku, quantity) VALUES (cart.id, p_sku, p_quantity)
  ON CONFLICT (cart_id, sku) DO UPDATE
    SET quantity = CASE WHEN p_is_delta THEN cart_items.quantity + excluded.quantity ELSE excluded.quantity END;
  -- No change of its lines has moved this cart's version yet.
  IF cart.version = 1 THEN
    PERFORM emit('souk:order', 'cart.started', 1, cart.id::text, p_traceparent,
      jsonb_build_object('cart_id', cart.id, 'user_id', p_user, 'is_guest', p_is_guest));
  END IF;
  PERFORM cart_touch(cart.id, offer.currency);
  outcome := 'ok';
  body := cart_view(p_user);
END
$$;

-- Takes one line out, or all of them when `p_sku` is null. Taking out what is not there is no error.
-- Outcomes: ok, changed.
DROP FUNCTION cart_remove(uuid, text);
CREATE FUNCTION cart_remove(p_user uuid, p_sku text, p_version bigint DEFAULT NULL, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  cart carts;
BEGIN
  SELECT * INTO cart FROM carts WHERE user_id = p_user AND status = 'open' FOR NO KEY UPDATE;
  IF p_version IS NOT NULL AND p_version <> coalesce(cart.version, 0) THEN
    outcome := 'changed';
    RETURN;
  END IF;
  DELETE FROM cart_items WHERE cart_id = cart.id AND (p_sku IS NULL OR sku = p_sku);
  IF FOUND THEN
    PERFORM cart_touch(cart.id, NULL);
  END IF;
  outcome := 'ok';
  body := cart_view(p_user);
END
$$;

-- Puts a guest's cart into the account's: quantities of one SKU add up, to 1000 at most, and the guest's cart ends. A
-- second merge finds nothing left to do. When both do not fit into one cart, nothing changes. The account's cart is
-- always locked first. An order that the guest places at the same moment wins the whole cart, or the merge does.
-- Outcomes: ok, cart_full, currency_mismatch, account_deleted.
CREATE FUNCTION cart_merge(p_user uuid, p_guest uuid, OUT outcome text, OUT body jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  mine carts;
  theirs carts;
  lines bigint;
  together bigint;
BEGIN
  outcome := 'ok';
  SELECT * INTO mine FROM carts WHERE user_id = p_user AND status = 'open' FOR NO KEY UPDATE;
  SELECT * INTO theirs FROM carts WHERE user_id = p_guest AND status = 'open';
  IF theirs.id IS NOT NULL AND mine.id IS NULL THEN
    IF EXISTS (SELECT FROM erased_users WHERE user_id = p_user) THEN
      outcome := 'account_deleted';
      RETURN;
    END IF;
    -- A version above one: this cart was begun by the guest, and that was told.
    INSERT INTO carts (user_id, currency, version) VALUES (p_user, theirs.currency, 2)
    ON CONFLICT (user_id) WHERE status = 'open' DO UPDATE SET version = carts.version
    RETURNING * INTO mine;
  END IF;
  SELECT * INTO theirs FROM carts WHERE user_id = p_guest AND status = 'open' FOR UPDATE;
  IF theirs.id IS NOT NULL AND EXISTS (SELECT FROM cart_items WHERE cart_id = theirs.id) THEN
    SELECT count(*) INTO lines FROM cart_items WHERE cart_id = mine.id;
    SELECT count(DISTINCT sku) INTO together FROM cart_items WHERE cart_id IN (mine.id, theirs.id);
    IF lines > 0 AND mine.currency <> theirs.currency THEN
      outcome := 'currency_mismatch';
    ELSIF together > 100 THEN
      outcome := 'cart_full';
    ELSE
      INSERT INTO cart_items (cart_id, sku, quantity, added_at)
      SELECT mine.id, sku, quantity, added_at FROM cart_items WHERE cart_id = theirs.id
      ON CONFLICT (cart_id, sku) DO UPDATE SET quantity = least(cart_items.quantity + excluded.quantity, 1000);
      PERFORM cart_touch(mine.id, CASE WHEN lines = 0 THEN theirs.currency END);
    END IF;
  END IF;
  IF outcome = 'ok' THEN
    DELETE FROM carts WHERE id = theirs.id;
  END IF;
  body := cart_view(p_user);
END
$$;
