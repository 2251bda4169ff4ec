-- Every capture, and how much of it is given back or to be given back.
SELECT c.order_id::text AS order_id, c.amount_minor, c.currency, r.amount_minor AS refund_minor, r.status AS refund_status
FROM captures c LEFT JOIN refunds r USING (order_id)
