SELECT count(*) FROM orders WHERE status IN ('placed', 'reserved')
