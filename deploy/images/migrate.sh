#!/usr/bin/env bash
# Brings databases to the schema of this version, as their owners: first the shared part, then the service's own migrations,
# each in a transaction, each once. What was applied stands in the table souk_migrations with its checksum: a file that was
# edited afterwards, or a database that is newer than this version, ends it with a message. Safe to repeat.
#
# usage: souk-migrate SERVICE...
# environment: PGHOST_<SERVICE>, PGPASSWORD_<SERVICE>; WAIT_SECONDS for databases that are being made; ABSENT=skip passes over
# one that is not made yet: its host has no address, or its server knows neither it nor its owner; PGPORT, MIGRATIONS
set -euo pipefail

migrations=${MIGRATIONS:-/migrations}
deadline=$((SECONDS + ${WAIT_SECONDS:-60}))
export PGCONNECT_TIMEOUT=5 PGAPPNAME=souk-migrate PGOPTIONS="--client-min-messages=warning"

fail() {
  echo "souk-migrate: $1" >&2
  exit 1
}

sql() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --tuples-only --no-align "$@"
}

# The files of a folder as V<number>, in the order of the numbers.
files() {
  find "$1" -maxdepth 1 -name 'V*__*.sql' | sort --version-sort
}

is_absent() {
  getent hosts "$PGHOST" >/dev/null || return 0
  local why
  ! why=$(sql --command "SELECT 1" 2>&1) && [[ $why =~ "does not exist"|"password authentication failed" ]]
}

wait_for_database() {
  until sql --command "SELECT 1" >/dev/null  || [ $SECONDS -ge $deadline ]; do
    sleep 2
  done
  sql --command "SELECT 1" >/dev/null || fail "$PGDATABASE at $PGHOST does not answer"
}

# One session for all files of a service, since it holds the lock that keeps a second migration out.
script() {
  local service=$1 part file name sum
  echo "SELECT pg_advisory_lock(hashtext('souk migrate')) \\g /dev/null"
  echo "CREATE TABLE IF NOT EXISTS souk_migrations (part text, name text, checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, name));"
  for part in platform "$service"; do
    while read -r file; do
      name=$(basename "$file" .sql)
      sum=$(sha256sum "$file" | cut -d' ' -f1)
      cat <<SQL
SELECT count(*) FILTER (WHERE checksum = '$sum') = 1 AS souk_done, count(*) FILTER (WHERE checksum <> '$sum') = 1 AS souk_edited
  FROM souk_migrations WHERE part = '$part' AND name = '$name' \\gset
\\if :souk_edited
\\warn souk-migrate: $part/$name was edited after it was applied to $PGDATABASE: restore it and add a new migration
SELECT 1 / 0;
\\endif
\\if :souk_done
\\else
BEGIN;
\\i $file
INSERT INTO souk_migrations (part, name, checksum) VALUES ('$part', '$name', '$sum');
COMMIT;
\\echo $service: $part/$name
\\endif
SQL
    done < <(files "$migrations/$part")
  done
  # UTC, nobody else may connect, and the relay may read and empty the outbox: as host-tools/local does it.
  cat <<SQL
ALTER DATABASE $PGDATABASE SET timezone TO 'UTC';
REVOKE ALL ON DATABASE $PGDATABASE FROM PUBLIC;
GRANT CONNECT ON DATABASE $PGDATABASE TO souk_relay;
GRANT USAGE ON SCHEMA public TO souk_relay;
GRANT SELECT, DELETE ON outbox TO souk_relay;
SQL
}

# Files that the database knows and this version does not: it was migrated by a newer one.
newer() {
  local known
  known=$(for part in platform "$1"; do files "$migrations/$part" | sed "s|.*/|'$part/|; s|\.sql$|'|"; done | paste -sd,)
  sql --command "SELECT part || '/' || name FROM souk_migrations WHERE part || '/' || name NOT IN ($known)" 2>/dev/null || true
}

[ $# -gt 0 ] || fail "say which services"
for service in "$@"; do
  [ -d "$migrations/$service" ] || fail "there are no migrations for $service"
  upper=${service^^}
  host=PGHOST_$upper password=PGPASSWORD_$upper
  export PGHOST=${!host:?} PGPASSWORD=${!password:?} PGUSER=souk_$service PGDATABASE=souk_$service
  if [ "${ABSENT:-wait}" = skip ] && is_absent; then
    echo "$service: $PGDATABASE at $PGHOST is not made yet, passed over"
    continue
  fi
  wait_for_database
  unknown=$(newer "$service")
  [ -z "$unknown" ] || fail "$PGDATABASE was migrated by a newer version ($(tr '\n' ' ' <<<"$unknown")): deploy that one"
  script "$service" | sql --file - || fail "$PGDATABASE is not migrated: see the message above. What was applied before it stays"
done
echo "every database is up to date"
