#!/usr/bin/env bash
# Writes .sqlx, the database's answers that the compiler checks every query against, so that a build
# needs no database. Run it when a query or a migration changed, and commit .sqlx.
#
#   .github/prepare-sqlx.sh           writes .sqlx anew
#   .github/prepare-sqlx.sh --check   only says whether it would change
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=bin/lib/say.sh
. bin/lib/say.sh
# shellcheck source=bin/lib/find.sh
. bin/lib/find.sh

check_rust
bin=$(find_postgres) || give_up "PostgreSQL $POSTGRES_AT_LEAST or newer is missing." "Run bin/dev once: it installs it."
# Short, because the path of a socket may have some 100 characters only.
work=$(mktemp -d /tmp/gs-sqlx.XXXXXX)

# PostgreSQL refuses to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --clear-groups -- "$@"
  else
    "$@"
  fi
}

clean_up() {
  if [ -e "$work/db/postmaster.pid" ]; then
    as_server "$bin/pg_ctl" -D "$work/db" -m immediate stop >/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

if [ "$(id -u)" -eq 0 ]; then
  server_user=postgres
  if ! id -u postgres >/dev/null 2>&1; then server_user=nobody; fi
  chown "$server_user" "$work"
fi
(
  cd "$work"
  as_server "$bin/initdb" -D "$work/db" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
  as_server "$bin/pg_ctl" -D "$work/db" -l "$work/log" -w start \
    -o "-k $work -c listen_addresses= -c fsync=off" >/dev/null
)

# psql as the superuser of the throw-away server.
sql() {
  PGOPTIONS="-c client_min_messages=warning" "$bin/psql" -X -q -h "$work" -U postgres -v ON_ERROR_STOP=1 "$@" >/dev/null
}
sql -d postgres -c 'create database groundswell'
sql -d groundswell -f src/db/bootstrap.sql
# The application's own runner makes this table before the first migration, and one of them names it.
sql -d groundswell -c 'set role groundswell_owner' -c 'create table public._sqlx_migrations (
  version bigint primary key, description text not null, installed_on timestamptz not null default now(),
  success boolean not null, checksum bytea not null, execution_time bigint not null)'
for migration in migrations/*.sql; do
  sql -d groundswell -1 -c 'set role groundswell_owner' -f "$migration"
done

answers=$work/answers
mkdir "$answers"
# The macros run only where the compiler does.
touch src/lib.rs tests/it/main.rs
SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$answers DATABASE_URL="postgres:///groundswell?host=$work&user=postgres" \
  cargo test --no-run --test it --message-format short

if [ "${1:-}" = --check ]; then
  if ! diff -r .sqlx "$answers"; then
    give_up ".sqlx is not what the database answers." "Run .github/prepare-sqlx.sh and commit .sqlx."
  fi
  say ".sqlx is what the database answers."
else
  rm -rf .sqlx
  cp -R "$answers" .sqlx
  say ".sqlx has the answers to $(find .sqlx -type f | wc -l | tr -d ' ') queries."
fi
