#!/bin/sh
# Run once by the image of PostgreSQL when it makes its cluster: the role that the application signs in
# as, with its password. The rest of the roles, and what each may do, comes with the first migration.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$GROUNDSWELL_DB_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
create role groundswell_app login nosuperuser nobypassrls password :'password';
SQL
