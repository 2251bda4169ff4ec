-- What is merely held waits for a person, not for the shop.
SELECT (SELECT count(*) FROM intents WHERE due_at IS NOT NULL AND status <> 'authorized')
     + (SELECT count(*) FROM refunds WHERE status = 'requested')
