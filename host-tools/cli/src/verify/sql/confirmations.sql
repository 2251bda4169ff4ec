-- How many confirmation mails each order has.
SELECT order_id::text AS order_id, count(*) AS mails FROM messages WHERE template = 'order_confirmed' GROUP BY order_id
