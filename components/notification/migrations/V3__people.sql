-- Whom mails go to, in which language, and which mails they want; which addresses are out of use; and what a mail was
-- made from, so that support can look at it and send it again.

-- One row for each account that was heard of, from user events or because it chose something here. Accounts without a
-- row have the defaults. A guest never has one: an order's events carry what is needed.
CREATE TABLE recipients (
  user_id uuid PRIMARY KEY,
  email text CHECK (char_length(email) BETWEEN 3 AND 254),
  name text NOT NULL DEFAULT '',
  locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'pt')),
  -- What the account itself says, and when it last said anything: an event that tells of another language is a choice
  -- made there, one that tells of the same (a new name) leaves a choice made here alone.
  account_locale text,
  account_at timestamptz,
  -- Mails beyond those about orders and the account.
  stock boolean NOT NULL DEFAULT true,
  news boolean NOT NULL DEFAULT false,
  -- The account was deleted. The row stays without personal data, so that no late event brings the address back.
  erased_at timestamptz,
  CONSTRAINT recipients_erased_is_erased CHECK (erased_at IS NULL OR (email IS NULL AND name = ''))
);

-- Addresses that a mail server said do not exist, as SHA-256 of the address in lower case: enough to leave them alone,
-- not enough to read them.
CREATE TABLE suppressions (
  address_hash bytea PRIMARY KEY,
  -- The mail that bounced; its `error` has the server's words.
  message_id uuid NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);

-- What the links in mails may switch off. Only the hash is kept, so the database cannot be used to switch off anything.
CREATE TABLE unsubscribe_tokens (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL,
  category text NOT NULL CHECK (category IN ('stock', 'news')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX unsubscribe_tokens_user_id ON unsubscribe_tokens (user_id);
CREATE INDEX unsubscribe_tokens_created_at ON unsubscribe_tokens (created_at);

-- The event that a mail was made from; not for mails that carry a secret link. Written with the message and never
-- changed; no foreign key, since messages are never deleted and the check would cost every mail.
CREATE TABLE message_sources (
  message_id uuid PRIMARY KEY,
  event jsonb NOT NULL
);

-- bounced: the mail server said that the address does not exist. suppressed: never handed to the mailer, for the reason
-- in `error`. An erased message keeps what counts it and nothing that tells of a person.
ALTER TABLE messages
  ADD COLUMN category text NOT NULL DEFAULT 'orders' CHECK (category IN ('account', 'orders', 'stock', 'news')),
  ADD COLUMN locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'pt')),
  -- Who sent which message again.
  ADD COLUMN resend_of uuid REFERENCES messages,
  ADD COLUMN resent_by uuid,
  ADD COLUMN erased_at timestamptz,
  ALTER COLUMN recipient DROP NOT NULL,
  ALTER COLUMN subject DROP NOT NULL,
  DROP CONSTRAINT messages_status_check,
  DROP CONSTRAINT messages_check1;
UPDATE messages SET error = 'unknown' WHERE status = 'failed' AND error IS NULL;
UPDATE messages SET category = 'account' WHERE template = 'welcome';
ALTER TABLE messages
  ADD CONSTRAINT messages_status_known CHECK (status IN ('queued', 'delivered', 'failed', 'bounced', 'suppressed')),
  ADD CONSTRAINT messages_failure_has_words CHECK ((status IN ('failed', 'bounced', 'suppressed')) = (error IS NOT NULL)),
  ADD CONSTRAINT messages_erased_is_erased CHECK (
    CASE WHEN erased_at IS NULL THEN recipient IS NOT NULL AND subject IS NOT NULL
      ELSE recipient IS NULL AND subject IS NULL END),
  ADD CONSTRAINT messages_resend_names_both CHECK ((resend_of IS NULL) = (resent_by IS NULL));
CREATE INDEX messages_order_id ON messages (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX messages_recipient ON messages (recipient, id);
CREATE INDEX messages_resend_of ON messages (resend_of, id) WHERE resend_of IS NOT NULL;

-- What the order came to, so that a refund can say whether it is all of it. Null for orders from before.
ALTER TABLE order_contacts
  ADD COLUMN total_minor bigint,
  ADD COLUMN currency text CHECK (currency ~ '^[A-Z]{3}$'),
  ADD CONSTRAINT order_contacts_total_has_currency CHECK ((total_minor IS NULL) = (currency IS NULL));
CREATE INDEX order_contacts_user_id ON order_contacts (user_id);
