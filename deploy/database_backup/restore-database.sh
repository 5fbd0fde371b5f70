#!/usr/bin/env bash
# Restores one program's database to a moment (PITR) from the pgBackRest repository, while the server and the other databases go on:
# it is restored beside the server, copied into it, and takes the place of the present database, which stays as <database>_before_<time>.
# The program is stopped before, and may connect again after `tamdid restore epoch <program>`.
#
#   restore-database.sh DATABASE '2026-11-28 19:40:00+00'       # or `latest`, where only the database itself is gone
#
# Run as the server's system user (postgres), with libpq's variables where the server is not on the default socket (PGPORT, PGUSER …),
# with PGBACKREST_REPO1_CIPHER_PASS, and room for the database's size in TMPDIR and for as much again in the server.
set -euo pipefail

database=${1:?DATABASE} moment=${2:?MOMENT, or latest}
stanza=${STANZA:-tamdid}
restored=${database}_restored former=${database}_before_$(date --utc +%Y%m%d%H%M%S)
export PGDATABASE=postgres PGUSER=${PGUSER:-postgres}

say() { printf '%s %s\n' "$(date --utc +%H:%M:%S)" "$*"; }
live() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set database="$database" --set restored="$restored" --set former="$former" "$@"; }

version=$(($(live --command='SHOW server_version_num') / 10000))
PATH=/usr/lib/postgresql/$version/bin:$PATH
beside=$(mktemp --directory --tmpdir tamdid-restore.XXXXXXXX)
at_side() { env PGHOST="$beside" PGPORT=5432 "$@"; }
closed=
clean_up() {
    trap '' HUP INT TERM
    if [ -n "$closed" ]; then # broken off, or failed, before another database was in its place
        live <<'SQL' || true
SELECT format('ALTER DATABASE %I ALLOW_CONNECTIONS true', datname) FROM pg_database WHERE datname = :'database' AND NOT datallowconn \gexec
SQL
    fi
    pg_ctl stop --pgdata="$beside/data" --mode=immediate --silent >/dev/null 2>&1 || true
    rm --recursive --force "$beside"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

say "the archive gets what is recorded up to now"
pgbackrest --stanza="$stanza" check

say "restoring $database as of $moment beside the server"
mkdir --mode=0700 "$beside/data"
target=(--type=default)
[ "$moment" = latest ] || target=(--type=time --target="$moment" --target-action=promote)
pgbackrest --stanza="$stanza" --pg1-path="$beside/data" --db-include="$database" --archive-mode=off "${target[@]}" restore
# Of its own: a socket in a folder that nobody else enters, and no network. The other databases are files of zeros, which the archive's records meet;
# whether a page of this one was missing too is looked up afterwards.
printf 'local all all trust\n' > "$beside/pg_hba.conf"
cat > "$beside/postgresql.conf" <<CONF
hba_file = '$beside/pg_hba.conf'
unix_socket_directories = '$beside'
listen_addresses = ''
port = 5432
hot_standby = off
fsync = off
ignore_invalid_pages = on
log_min_messages = warning
CONF
pg_ctl start --pgdata="$beside/data" --silent --wait --log="$beside/log" --options="-c config_file=$beside/postgresql.conf"
until at_side pg_isready --quiet; do # once it has replayed the archive up to the moment
    pg_ctl status --pgdata="$beside/data" >/dev/null || { tail --lines=20 "$beside/log" >&2; exit 1; }
    sleep 0.2
done
oid=$(at_side psql --no-psqlrc --tuples-only --no-align --command="SELECT oid FROM pg_database WHERE datname = '$database'")
if grep "relation base/$oid/" "$beside/log" >&2; then
    say "pages of $database that the archive changes are not in the backup: restore from another one" >&2
    exit 1
fi
at_side psql --quiet --command="ALTER DATABASE \"$database\" RENAME TO \"$restored\""

say "copying it into the server"
live <<'SQL'
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', :'restored') \gexec
SQL
at_side pg_dump --create "$restored" | PGOPTIONS='-c synchronous_commit=off -c maintenance_work_mem=256MB' live --output=/dev/null

say "putting it in the place of the present one"
# The program's role has the database's name. It is let in again when its log has a new epoch.
closed=yes
live --output=/dev/null <<'SQL'
REVOKE CONNECT ON DATABASE :"restored" FROM :"database";
SELECT EXISTS (SELECT FROM pg_database WHERE datname = :'database') AS is_there \gset
\if :is_there
    ALTER DATABASE :"database" ALLOW_CONNECTIONS false;
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :'database';
\endif
BEGIN;
\if :is_there
    ALTER DATABASE :"database" RENAME TO :"former";
\endif
ALTER DATABASE :"restored" RENAME TO :"database";
COMMIT;
SQL
closed=
say "$database is as of $moment. Next: tamdid restore epoch $database, and start its program. What was there is $former."
