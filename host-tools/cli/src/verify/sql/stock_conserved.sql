-- Everything that came in at a location can be sold, is promised, or is sold.
SELECT count(*) AS checked,
       coalesce(array_agg(sku || '@' || location) FILTER (WHERE wrong), '{}') AS keys,
       coalesce(array_agg(format('received %s, available %s, reserved %s, committed %s', received, available, reserved, committed))
                FILTER (WHERE wrong), '{}') AS details
FROM (SELECT *, received <> available + reserved + committed AS wrong FROM stock) AS s
