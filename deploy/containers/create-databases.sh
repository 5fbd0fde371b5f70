#!/usr/bin/env bash
# Runs once, on an empty data directory: a database for each program that keeps rows, with two roles. <program>_owner owns the
# database and the tables, and nobody signs in as it: only `migration` may become it, and is it in that database from the start.
# <program> is the program's own; deploy/databases.py grants it what it needs, and it reaches no other database. Text sorts by
# code point (locale C), as it does in SQLite. TAMDID_ROLES names the programs, PASSWORD_OF_<role> is each one's password.
set -euo pipefail

# Passwords go by standard input, so that no list of processes ever shows one.
run_sql() { psql --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres; }

run_sql <<SQL
\\set password '$PASSWORD_OF_migration'
CREATE ROLE migration LOGIN PASSWORD :'password';
SQL

for role in $TAMDID_ROLES; do
    password=PASSWORD_OF_$role
    run_sql <<SQL
\\set role $role
\\set owner ${role}_owner
\\set password '${!password}'
CREATE ROLE :"owner";
GRANT :"owner" TO migration;
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"role" TO :"role";
ALTER ROLE migration IN DATABASE :"role" SET role = :'owner';
SQL
done
