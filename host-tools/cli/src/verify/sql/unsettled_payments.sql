SELECT (SELECT count(*) FROM intents WHERE due_at IS NOT NULL) + (SELECT count(*) FROM refunds WHERE status = 'requested')
