#!/usr/bin/env bash
# Runs once, on an empty data directory: a database for each program that keeps a log, owned by a role of the
# same name that reaches no other. Text sorts by code point (locale C), as it does in SQLite. TAMDID_ROLES names them, PASSWORD_OF_<role> is each one's password.
set -euo pipefail

for role in $TAMDID_ROLES; do
    password=PASSWORD_OF_$role
    # The password goes by standard input, so that no list of processes ever shows it.
    psql --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<SQL
\\set role $role
\\set password '${!password}'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
