-- No figure of the stock is below zero.
SELECT count(*) AS checked,
       coalesce(array_agg(sku || '@' || location) FILTER (WHERE wrong), '{}') AS keys,
       coalesce(array_agg(format('received %s, available %s, reserved %s, committed %s', received, available, reserved, committed))
                FILTER (WHERE wrong), '{}') AS details
FROM (SELECT *, least(received, available, reserved, committed) < 0 AS wrong FROM stock) AS s
