#!/bin/sh
# Carries one detached command; leads its session and process group.
# usage: runner.sh RUN BYTES DIRECTORY PROGRAM [ARGUMENT ...]
# Who holds the lock runs the command; the kernel lets go of it however the runner ends.
set -eu
run=$1
bytes=$2
directory=$3
shift 3
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
cat /proc/sys/kernel/random/uuid >"$run/name"
: >"$run/log"
date +%s >"$run/started.new"
mv "$run/started.new" "$run/started"
# Outlives the request to end, to say how the command took it.
trap : TERM INT HUP
# The log takes so many bytes and no more: a command that prints without end would fill the disk before anybody who reads
# it over a network has seen that.
mkfifo "$run/output"
(
  trap '' TERM INT HUP
  ulimit -f "$((bytes / 512 + 1))"
  exec cat <"$run/output" >>"$run/log"
) 9>&- &
copier=$!
code=0
(
  trap - TERM INT HUP
  cd -- "$directory"
  exec "$@"
) 9>&- >"$run/output" 2>&1 </dev/null || code=$?
# What the command has left running may hold its output open for ever. A process that has ended has no program any more.
tries=0
while [ -e "/proc/$copier/exe" ] && [ "$tries" -lt 20 ]; do
  tries=$((tries + 1))
  sleep 0.1
done
kill -KILL "$copier" 2>/dev/null || :
echo "$code" >"$run/exit.new"
mv "$run/exit.new" "$run/exit"
