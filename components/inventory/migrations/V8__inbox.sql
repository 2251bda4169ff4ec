-- As in the platform's V1. A function in SQL is planned again in each call, which took longer than what it does.
CREATE OR REPLACE FUNCTION take_new(batch jsonb) RETURNS TABLE (ord bigint, event jsonb)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH given AS (
    SELECT DISTINCT ON ((e.value ->> 'id')::uuid) (e.value ->> 'id')::uuid AS id, e.value AS event, e.ordinality AS ord
    FROM jsonb_array_elements(batch) WITH ORDINALITY AS e
    ORDER BY (e.value ->> 'id')::uuid, e.ordinality
  ), fresh AS (
    INSERT INTO inbox (event_id) SELECT id FROM given ORDER BY id
    ON CONFLICT DO NOTHING RETURNING event_id
  )
  SELECT given.ord, given.event FROM given JOIN fresh ON fresh.event_id = given.id ORDER BY given.ord;
END
$$;
