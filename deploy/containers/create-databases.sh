#!/usr/bin/env bash
# Makes a database for each program that keeps rows, with two roles; what is there stays as it is. It runs on an empty data directory,
# and at each `make up`, for programs that came with an upgrade. <program>_owner owns the database and the tables, and nobody signs in
# as it: only `migration` may become it, and is it in that database from the start. <program> is the program's own; deploy/databases.py
# grants it what it needs, and it reaches no other database. Text sorts by code point (locale C), as it does in SQLite.
# TAMDID_ROLES names the programs, PASSWORD_OF_<role> is each one's password.
set -euo pipefail

# Passwords go by standard input, so that no list of processes ever shows one.
run_sql() { psql --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres; }

# A standby gets them from its primary.
if [ "$(run_sql <<<'SELECT pg_is_in_recovery()')" = t ]; then exit; fi

run_sql <<SQL
\\set password '$PASSWORD_OF_migration'
SELECT format('CREATE ROLE migration LOGIN PASSWORD %L', :'password')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'migration') \\gexec
SQL

for role in $TAMDID_ROLES; do
    # What is set last says that all of it was done.
    made=$(run_sql <<<"SELECT datname FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = '$role'")
    if [ -n "$made" ]; then continue; fi
    password=PASSWORD_OF_$role
    run_sql <<SQL
\\set role $role
\\set owner ${role}_owner
\\set password '${!password}'
SELECT format('CREATE ROLE %I', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \\gexec
GRANT :"owner" TO migration;
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'role', :'password')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C''', :'role', :'owner')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \\gexec
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"role" TO :"role";
ALTER ROLE migration IN DATABASE :"role" SET role = :'owner';
SQL
done
