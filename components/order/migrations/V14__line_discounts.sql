-- What each line of an order was cheaper by, so that a piece that comes back is worth what was paid for it and not what
-- others cost. Written for orders with promotion codes only; what is not shared out here counts for all lines alike.
CREATE TABLE order_line_discounts (
  order_id uuid NOT NULL,
  position smallint NOT NULL,
  discount_minor bigint NOT NULL CHECK (discount_minor > 0),
  PRIMARY KEY (order_id, position),
  FOREIGN KEY (order_id, position) REFERENCES order_items
);

-- Shares the discounts of an order that was just made out over the lines that their codes count for, by what is left to
-- pay of each; over all lines when a plug-in gave more than those cost. The shares are whole and add up to the discount.
CREATE FUNCTION share_discounts(p_order uuid) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  given record;
BEGIN
  FOR given IN
    SELECT d.value ->> 'code' AS code, (d.value -> 'amount' ->> 'amount_minor')::numeric AS amount
    FROM orders o CROSS JOIN jsonb_array_elements(o.discounts) WITH ORDINALITY AS d
    WHERE o.id = p_order AND (d.value -> 'amount' ->> 'amount_minor')::numeric > 0
    ORDER BY d.ordinality
  LOOP
    WITH lines AS (
      SELECT i.position, i.unit_price_minor * i.quantity - coalesce(l.discount_minor, 0) AS cost,
        cardinality(q.skus) + cardinality(q.categories) = 0 OR i.sku = ANY (q.skus) OR s.category = ANY (q.categories)
          AS counts
      FROM order_items i JOIN promotions q ON q.code = given.code
      LEFT JOIN order_line_discounts l ON l.order_id = i.order_id AND l.position = i.position
      LEFT JOIN sellable s ON s.sku = i.sku
      WHERE i.order_id = p_order
    ), sums AS (
      SELECT coalesce(sum(cost) FILTER (WHERE counts), 0) AS counted, sum(cost) AS of_all FROM lines
    ), costs AS (
      SELECT lines.position, lines.cost, sum(lines.cost) OVER (ORDER BY lines.position) AS so_far,
        sum(lines.cost) OVER () AS of_all
      FROM lines CROSS JOIN sums WHERE lines.counts OR sums.counted < given.amount
    ), shares AS (
      SELECT c.position, div(given.amount * c.so_far, c.of_all) - div(given.amount * (c.so_far - c.cost), c.of_all) AS share
      FROM costs c WHERE c.of_all > 0
    )
    INSERT INTO order_line_discounts AS l (order_id, position, discount_minor)
    SELECT p_order, s.position, s.share::bigint FROM shares s WHERE s.share > 0
    ON CONFLICT (order_id, position) DO UPDATE SET discount_minor = l.discount_minor + excluded.discount_minor;
  END LOOP;
END
$$;

-- redeem_promotions of V9, which now also shares out what the codes give. The uses come last: there checkouts with the
-- same limited code wait for each other. A code that was deleted a moment ago stops the order, as any use too many does.
CREATE OR REPLACE FUNCTION redeem_promotions(p_order uuid, p_codes text[], p_email text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  uses bigint;
BEGIN
  PERFORM share_discounts(p_order);
  INSERT INTO promotion_redemptions (order_id, code, shopper, nth)
  SELECT p_order, q.code, shopper_digest(p_email),
    -- With none left it is the last one, which is taken: the constraint says so.
    coalesce((SELECT min(n) FROM generate_series(1, q.max_uses_per_shopper) AS n WHERE NOT EXISTS (
      SELECT FROM promotion_redemptions r
      WHERE r.code = q.code AND r.shopper = shopper_digest(p_email) AND r.nth = n)), q.max_uses_per_shopper)
  FROM promotions q WHERE q.code = ANY (p_codes) ORDER BY q.code;
  GET DIAGNOSTICS uses = ROW_COUNT;
  IF uses < cardinality(p_codes) THEN
    RAISE EXCEPTION 'one of % is no promotion code any more', p_codes
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'promotion_redemptions_code_fkey';
  END IF;
END
$$;

-- What a return is worth: what its pieces cost after the discounts on them, with their share of the tax; with the last
-- piece that was ordered the shipping goes back, too. Counted from what all pieces that are back are worth, so that no
-- cent is lost to rounding however they come. Never more than what is left of the capture.
CREATE OR REPLACE FUNCTION return_value(o orders, p_return uuid) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
  paid bigint := o.total_minor - o.shipping_minor;
  goods numeric;
  before numeric;
  after numeric;
  is_all boolean;
  value numeric;
BEGIN
  SELECT sum(i.cost), sum(i.cost * i.was_back / i.quantity), sum(i.cost * i.is_back / i.quantity),
    bool_and(i.is_back = i.quantity)
  INTO goods, before, after, is_all
  FROM (
    SELECT i.quantity, (i.unit_price_minor * i.quantity - coalesce(d.discount_minor, 0))::numeric AS cost,
      coalesce(g.returned, 0) AS was_back, coalesce(g.returned, 0) + coalesce(l.quantity, 0) AS is_back
    FROM order_items i
    LEFT JOIN order_line_discounts d ON d.order_id = i.order_id AND d.position = i.position
    LEFT JOIN order_returned_pieces g ON g.order_id = o.id AND g.sku = i.sku
    LEFT JOIN order_return_lines l ON l.return_id = p_return AND l.sku = i.sku
    WHERE i.order_id = o.id
  ) AS i;
  -- A third of a cent is not exact; what is off by less than a millionth is.
  value := CASE WHEN is_all THEN o.total_minor ELSE coalesce(floor(round(after * paid / nullif(goods, 0), 6)), 0) END
    - coalesce(floor(round(before * paid / nullif(goods, 0), 6)), 0);
  RETURN least(o.captured_minor - o.refund_minor, value)::bigint;
END
$$;
