#!/bin/sh
# A short command. usage: run.sh SECONDS DIRECTORY PROGRAM [ARGUMENT ...]
# The limit is kept here too, so that nothing runs on when the link is cut.
set -eu
seconds=$1
directory=$2
shift 2
cd -- "$directory"
exec </dev/null
if command -v timeout >/dev/null 2>&1; then
  exec timeout -k 5 "$seconds" "$@"
fi
exec "$@"
