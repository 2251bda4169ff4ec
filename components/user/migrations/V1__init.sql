-- Accounts, their sessions and the refresh tokens of each session.

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  email text NOT NULL CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND char_length(email) <= 254),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  roles text[] NOT NULL DEFAULT ARRAY['customer']
    CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['customer', 'support', 'merchant', 'admin']),
  -- PHC string of an argon2id hash; nothing else may ever be stored here.
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- One account per address, however its letters are cased.
CREATE UNIQUE INDEX accounts_email_key ON accounts (lower(email));

-- One sign-in on one device: the family of all refresh tokens that descend from it.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Moves on with every exchange of the token: an unused sign-in ends here ...
  expires_at timestamptz NOT NULL,
  -- ... and this one never moves: however busy, every sign-in ends.
  ends_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text CHECK (revoked_reason IN ('logout', 'token_reused', 'account_disabled')),
  CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
  CHECK (created_at < expires_at AND expires_at <= ends_at)
);
CREATE INDEX sessions_account_id ON sessions (account_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- Only the SHA-256 of a token is kept: reading this table gives nobody a way in.
CREATE TABLE refresh_tokens (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  -- Set when the token was exchanged for the next one; presenting it again is a theft alarm.
  used_at timestamptz
);
-- A session has at most one token that still works.
CREATE UNIQUE INDEX refresh_tokens_one_live_per_session ON refresh_tokens (session_id) WHERE used_at IS NULL;
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
