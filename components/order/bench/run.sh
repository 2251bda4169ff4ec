#!/usr/bin/env bash
# Measures the order service's SQL alone: checkouts a second over several connections (load and place, as the component
# calls them), then orders a second through the process manager (reserved and captured, in batches).
# Usage: run.sh [carts] [clients] [batch]. Wants PGHOST, PGPORT and PGUSER of a server where databases may be made, and
# pgbench. Makes the database souk_order_bench and drops it again.
set -euo pipefail
carts=${1:-20000} clients=${2:-16} batch=${3:-64}
here=$(cd "$(dirname "$0")" && pwd)
export PGDATABASE=souk_order_bench
pgbench=$(command -v pgbench || echo /usr/lib/postgresql/15/bin/pgbench)

psql -q -d postgres -c "SET client_min_messages = error" -c "DROP DATABASE IF EXISTS $PGDATABASE" -c "CREATE DATABASE $PGDATABASE"
trap 'psql -q -d postgres -c "DROP DATABASE IF EXISTS $PGDATABASE WITH (FORCE)"' EXIT
for file in "$here"/../../shared/migrations/V*.sql $(ls "$here"/../migrations/V*.sql | sort -V); do
  psql -q -v ON_ERROR_STOP=1 -f "$file"
done
psql -q -v ON_ERROR_STOP=1 -v carts="$carts" -f "$here/fill.sql"

echo "checkout_load + place_order, two lines a cart, $clients connections:"
"$pgbench" -n -M prepared -c "$clients" -j 2 -t $((carts / clients)) -D n=0 -D clients="$clients" -f "$here/checkout.pgbench" |
  grep -E 'tps|latency average|failed'
echo "apply_events, batches of $batch, one connection:"
psql -q -v ON_ERROR_STOP=1 -v batch="$batch" -f "$here/process.sql"
