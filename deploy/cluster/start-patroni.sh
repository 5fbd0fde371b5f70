#!/usr/bin/env bash
# Starts Patroni as the database's user, when that has the certificate and its own data directory.
set -euo pipefail
install --directory --owner=postgres --mode=0700 /run/tls /var/lib/postgresql/data /var/lib/postgresql/data/tamdid
install --owner=postgres --mode=0600 /run/given/* /run/tls/
export HOME=/var/lib/postgresql PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"
exec setpriv --reuid=postgres --regid=postgres --init-groups -- patroni /etc/tamdid/patroni.yml
