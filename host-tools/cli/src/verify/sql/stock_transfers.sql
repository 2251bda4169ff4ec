-- What transfers took from locations they brought to others.
WITH moved AS (
  SELECT sku, sum(delta_available) AS pieces FROM stock_ledger WHERE movement = 'transferred' GROUP BY sku
)
SELECT count(*) AS checked,
       coalesce(array_agg(sku) FILTER (WHERE pieces <> 0), '{}') AS keys,
       coalesce(array_agg(format('transfers add up to %s pieces', pieces)) FILTER (WHERE pieces <> 0), '{}') AS details
FROM moved
