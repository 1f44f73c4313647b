#!/bin/sh
# Carries one detached command; leads its session and process group. usage: runner.sh RUN DIRECTORY PROGRAM [ARGUMENT ...]
# Who holds the lock runs the command; the kernel lets go of it however the runner ends.
set -eu
run=$1
directory=$2
shift 2
exec 9>"$run/lock"
# Whoever asks for the state holds the lock for a moment; another runner holds it for good.
tries=0
until flock -n 9; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || exit 0
  [ ! -e "$run/started" ] || exit 0
  sleep 0.1
done
[ ! -e "$run/started" ] || exit 0
echo $$ >"$run/group"
cat /proc/sys/kernel/random/boot_id >"$run/boot" 2>/dev/null || :
: >"$run/log"
date +%s >"$run/started.new"
mv "$run/started.new" "$run/started"
# Outlives the request to end, to say how the command took it.
trap : TERM INT HUP
code=0
(
  trap - TERM INT HUP
  cd -- "$directory"
  exec "$@"
) 9>&- >>"$run/log" 2>&1 </dev/null || code=$?
echo "$code" >"$run/exit.new"
mv "$run/exit.new" "$run/exit"
