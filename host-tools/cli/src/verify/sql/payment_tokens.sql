-- A payment token is kept only while the gateway may still have to be asked with it.
WITH kept AS (
  SELECT order_id, status, payment_token IS NOT NULL AND status NOT IN ('pending', 'charging', 'unknown') AS is_kept
  FROM intents
)
SELECT count(*) AS checked,
       coalesce(array_agg(order_id::text) FILTER (WHERE is_kept), '{}') AS keys,
       coalesce(array_agg('is ' || status) FILTER (WHERE is_kept), '{}') AS details
FROM kept
