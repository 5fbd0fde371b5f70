#!/usr/bin/env bash
# Reads the whole pgBackRest repository back, and compares every file with its checksum. Prints what is wrong, with exit code 1;
# pgBackRest itself ends with 0, whatever it finds.
set -euo pipefail

report=$(pgbackrest --stanza="${STANZA:-tamdid}" --output=text --verbose verify)
grep --quiet '^status: ok$' <<< "$report" || { printf '%s\n' "$report" >&2; exit 1; }
