SELECT count(*) FROM messages WHERE status = 'queued'
