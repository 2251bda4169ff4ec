-- Orders whose money is held and waits for somebody to take it or let it go.
SELECT order_id::text AS order_id FROM intents WHERE status = 'authorized'
