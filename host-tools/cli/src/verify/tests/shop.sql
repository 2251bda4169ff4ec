-- One confirmed order of two pieces of A, in every database it touches. Lines of the form `-- service` say where to.
-- inventory
INSERT INTO locations (code, name) VALUES ('east', 'East');
INSERT INTO stock (sku, location, received, available, reserved, committed) VALUES
  ('A', 'main', 10, 7, 1, 2), ('A', 'east', 3, 3, 0, 0);
INSERT INTO reservations (order_id, order_number, status, expires_at) VALUES
  ('00000000-0000-7000-8000-000000000001', 'N-1', 'committed', NULL),
  ('00000000-0000-7000-8000-000000000002', 'N-2', 'active', now());
INSERT INTO reservation_lines (order_id, sku, quantity) VALUES
  ('00000000-0000-7000-8000-000000000001', 'A', 2), ('00000000-0000-7000-8000-000000000002', 'A', 1);
INSERT INTO stock_ledger (sku, movement, delta_available, delta_reserved, delta_committed,
                          available_after, reserved_after, committed_after, reason, actor) VALUES
  ('A', 'opened', 7, 1, 2, 7, 1, 2, 'test', '00000000-0000-7000-8000-00000000000a');
INSERT INTO stock_ledger (sku, location, movement, delta_available, delta_reserved, delta_committed,
                          available_after, reserved_after, committed_after, reason, actor) VALUES
  ('A', 'east', 'received', 3, 0, 0, 3, 0, 0, 'test', '00000000-0000-7000-8000-00000000000a');
-- order
INSERT INTO orders (id, number, cart_id, user_id, email, name, status, currency, subtotal_minor, discount_minor, shipping_minor,
                    tax_minor, total_minor, discounts, promotion_codes, shipping_method, shipping_label, tax_label,
                    shipping_address, captured_minor, captured_currency) VALUES
  ('00000000-0000-7000-8000-000000000001', 'N-1', gen_random_uuid(), gen_random_uuid(), 'a@b.example', 'A', 'confirmed', 'EUR',
   200, 0, 0, 0, 200, '[]', '{}', '', '', '', '{}', 200, 'EUR'),
  ('00000000-0000-7000-8000-000000000002', 'N-2', gen_random_uuid(), gen_random_uuid(), 'a@b.example', 'A', 'reserved', 'EUR',
   100, 0, 0, 0, 100, '[]', '{}', '', '', '', '{}', NULL, NULL);
INSERT INTO order_items (order_id, position, sku, title, quantity, unit_price_minor) VALUES
  ('00000000-0000-7000-8000-000000000001', 1, 'A', 'A', 2, 100), ('00000000-0000-7000-8000-000000000002', 1, 'A', 'A', 1, 100);
INSERT INTO order_timeline (order_id, status) VALUES
  ('00000000-0000-7000-8000-000000000001', 'confirmed'), ('00000000-0000-7000-8000-000000000002', 'reserved');
INSERT INTO promotions (code, label, benefit, max_uses) VALUES ('TEN', 'Ten', '{"kind": "free_shipping"}', 2);
INSERT INTO promotion_redemptions (order_id, code, shopper) VALUES ('00000000-0000-7000-8000-000000000001', 'TEN', 'a');
-- payment
INSERT INTO intents (order_id, number, user_id, attempt, amount_minor, currency, status) VALUES
  ('00000000-0000-7000-8000-000000000001', 'N-1', gen_random_uuid(), 1, 200, 'EUR', 'captured');
INSERT INTO attempts (attempt_key, order_id, outcome) VALUES ('1:1', '00000000-0000-7000-8000-000000000001', 'captured');
INSERT INTO captures (order_id, attempt_key, gateway_reference, amount_minor, currency) VALUES
  ('00000000-0000-7000-8000-000000000001', '1:1', 'g-1', 200, 'EUR');
INSERT INTO ledger_entries (transfer_id, order_id, kind, account, amount_minor, currency)
SELECT '00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-000000000001', 'capture', account, amount, 'EUR'
FROM (VALUES ('gateway', 200), ('sales', -200)) AS e (account, amount);
-- notification
INSERT INTO messages (id, event_id, template, user_id, order_id, recipient, subject, status, settled_at) VALUES
  (gen_random_uuid(), gen_random_uuid(), 'order_confirmed', gen_random_uuid(), '00000000-0000-7000-8000-000000000001',
   'a@b.example', 'Confirmed', 'delivered', now());
-- analytics
INSERT INTO facts (event_id, metric, occurred_at, key, currency, amount_minor, units) VALUES
  (gen_random_uuid(), 'orders_confirmed', now(), '00000000-0000-7000-8000-000000000001', 'EUR', 200, 2);
SELECT recount();
