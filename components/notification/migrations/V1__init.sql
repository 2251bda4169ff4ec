-- What was written to whom, and what became of it.

CREATE TABLE messages (
  id uuid PRIMARY KEY,
  -- The event that caused the mail. With the template it is unique: one event makes one mail, ever.
  event_id uuid NOT NULL,
  template text NOT NULL CHECK (template ~ '^[a-z_]{1,40}$'),
  user_id uuid NOT NULL,
  order_id uuid,
  recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 3 AND 254),
  subject text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 250),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'delivered', 'failed')),
  -- Why delivery was given up, as the mail server said it.
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  CONSTRAINT messages_one_per_event UNIQUE (event_id, template),
  CHECK ((status = 'queued') = (settled_at IS NULL)),
  CHECK (error IS NULL OR status = 'failed')
) WITH (fillfactor = 85); -- room for the one update that each row sees, beside itself
CREATE INDEX messages_user_id ON messages (user_id, id);

-- Whom to write to about an order, for events that carry only its id. Filled by order.confirmed and order.cancelled:
-- money is only ever given back for an order that was one of the two first.
CREATE TABLE order_contacts (
  order_id uuid PRIMARY KEY,
  number text NOT NULL,
  user_id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Mails are the largest events there are and are read once, so the cheaper compression suits them, where the server
-- was built with it.
DO $$ BEGIN
  ALTER TABLE outbox ALTER COLUMN event SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
  NULL;
END $$;
