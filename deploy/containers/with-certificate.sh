#!/usr/bin/env bash
# Starts a server's own entrypoint when its user ($1) has the certificate and key, which belong to whoever runs compose.
set -euo pipefail
install --directory --owner="$1" --mode=0700 /run/tls
install --owner="$1" --mode=0600 /run/given/* /run/tls/
shift
exec docker-entrypoint.sh "$@"
