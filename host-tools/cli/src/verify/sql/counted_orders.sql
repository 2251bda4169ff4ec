-- How often each confirmed order was counted, and what for. Orders of deleted accounts are not named.
SELECT key AS order_id, count(*) AS facts, sum(amount_minor)::bigint AS amount_minor, min(currency) AS currency
FROM facts WHERE metric = 'orders_confirmed' AND key <> ''
GROUP BY key
