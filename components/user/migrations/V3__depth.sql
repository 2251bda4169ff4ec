-- What an account has beyond sign-in: a language, proof that its address is its own, postal addresses, devices, and
-- tokens that travel by mail.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

ALTER TABLE accounts
  ADD COLUMN locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'pt')),
  -- When a token that was mailed to the address came back; null until then.
  ADD COLUMN email_verified_at timestamptz,
  ADD COLUMN password_changed_at timestamptz NOT NULL DEFAULT now();

-- Staff find accounts by a part of address or name, by role, and the disabled ones.
CREATE INDEX accounts_search ON accounts USING gin (lower(email || ' ' || name) gin_trgm_ops);
CREATE INDEX accounts_roles ON accounts USING gin (roles);
CREATE INDEX accounts_disabled ON accounts (id) WHERE disabled_at IS NOT NULL;

ALTER TABLE sessions
  -- What the browser calls itself, so that the owner can tell one session from another.
  ADD COLUMN device text CHECK (char_length(device) BETWEEN 1 AND 200),
  ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT now(),
  DROP CONSTRAINT sessions_revoked_reason_check,
  ADD CONSTRAINT sessions_revoked_reason_check CHECK (revoked_reason IN
    ('logout', 'logout_all', 'ended_by_owner', 'password_changed', 'token_reused', 'account_disabled'));

-- Tokens that prove who reads an address. Each works once: using one deletes it. Only the SHA-256 is kept.
CREATE TABLE account_tokens (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
  -- Null is nobody's: a reset was asked for an address without an account, and this row is written so that asking takes
  -- as long as for one with an account. Nobody was ever sent its token.
  account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  CHECK (created_at < expires_at),
  CHECK (account_id IS NOT NULL OR purpose = 'reset_password')
);
CREATE INDEX account_tokens_account_id ON account_tokens (account_id);
CREATE INDEX account_tokens_expires_at ON account_tokens (expires_at);

-- Where an account has parcels sent.
CREATE TABLE addresses (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  -- Numbered places are what limits an account to twenty, however many requests come at once.
  place int NOT NULL CHECK (place BETWEEN 1 AND 20),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  line1 text NOT NULL CHECK (char_length(line1) BETWEEN 1 AND 200),
  line2 text CHECK (char_length(line2) BETWEEN 1 AND 200),
  city text NOT NULL CHECK (char_length(city) BETWEEN 1 AND 100),
  postal_code text NOT NULL CHECK (char_length(postal_code) BETWEEN 1 AND 20),
  region text CHECK (char_length(region) BETWEEN 1 AND 100),
  country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
  is_default boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT addresses_place_key UNIQUE (account_id, place)
);
CREATE UNIQUE INDEX addresses_one_default ON addresses (account_id) WHERE is_default;
