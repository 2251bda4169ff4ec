-- How many confirmation mails each order has, not counting those that support sent again.
SELECT order_id::text AS order_id, count(*) AS mails FROM messages
WHERE template = 'order_confirmed' AND resend_of IS NULL
GROUP BY order_id
