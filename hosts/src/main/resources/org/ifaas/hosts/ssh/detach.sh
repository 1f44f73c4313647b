#!/bin/sh
# Commands that outlive their SSH session.
# usage: detach.sh start ID RUNNER BYTES DIRECTORY PROGRAM [ARGUMENT ...]   starts it, unless it has been started before;
#                                            prints the name of this run, which no other has
#        detach.sh state ID                  prints "done CODE", "running SECONDS", "vanished" or "absent"
#        detach.sh follow ID OFFSET          prints its output from there; exits 20 to be asked again, 21 when that was all
#        detach.sh end GRACE [ID ...]        ends process groups; all when none is named
set -eu
umask 077
base=/var/tmp/ifaas-run-$(id -u)

running() {
  [ -e "$run/lock" ] || return 1
  ! flock -n -s "$run/lock" true
}

state() {
  if [ -e "$run/exit" ]; then
    echo "done $(cat "$run/exit")"
  elif running; then
    echo "running $(($(date +%s) - $(cat "$run/started" 2>/dev/null || date +%s)))"
  elif [ -e "$run/exit" ]; then
    echo "done $(cat "$run/exit")"
  elif [ -e "$run/started" ]; then
    echo vanished
  else
    echo absent
  fi
}

start() {
  mkdir -p "$base" "$run"
  [ -O "$base" ] || { echo "$base belongs to somebody else" >&2; exit 1; }
  runner=$1
  shift
  [ "$(state)" = absent ] || { cat "$run/name" 2>/dev/null || :; return 0; }
  setsid sh -c "$runner" ifaas-runner "$run" "$@" </dev/null >"$run/trouble" 2>&1 &
  tries=0
  until [ -e "$run/started" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 300 ] || { cat "$run/trouble" >&2; exit 1; }
    sleep 0.1
  done
  cat "$run/name"
}

# The descriptor of the lock is opened before the state is asked: a runner that ends in between is not missed.
follow() {
  from=$(($1 + 1))
  exec 8<"$run/lock"
  if flock -n -s 8; then
    tail -c "+$from" "$run/log"
    exit 21
  fi
  exec 3<&0
  # Where inotify does not work, such as on overlayfs, tail looks once a second unless told.
  tail -c "+$from" -s 0.2 -f "$run/log" 8<&- 3<&- &
  tail=$!
  flock -s 8 3<&- &
  wait=$!
  # Standard input ends when the client is gone; then nobody waits here for the end of a long build.
  (
    cat <&3
    kill "$wait" 2>/dev/null
  ) 8<&- >/dev/null 2>&1 &
  watch=$!
  exec 3<&- 8<&-
  wait "$wait" 2>/dev/null || :
  kill "$tail" "$watch" 2>/dev/null || :
  exit 20
}

# Members of the group or session, and whatever descends from them: sudo and the like make sessions of their own.
members() {
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v groups="$1" '
    BEGIN { n = split(groups, list, " "); for (i = 1; i <= n; i++) wanted[list[i]] = 1 }
    { pid = $1; sub(/^.*\) /, ""); parent[pid] = $2; if ($1 != "Z" && ($3 in wanted || $4 in wanted)) found[pid] = 1;
      if ($1 == "Z") dead[pid] = 1 }
    END {
      do { more = 0; for (pid in parent) if (!(pid in found) && parent[pid] in found) { found[pid] = 1; more = 1 } } while (more)
      for (pid in found) if (!(pid in dead)) printf "%s ", pid
    }'
}

signal() {
  name=$1
  shift
  kill -s "$name" "$@" 2>/dev/null || sudo -n kill -s "$name" "$@" 2>/dev/null || :
}

end() {
  grace=$1
  shift
  boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null || :)
  if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # ids hold no blanks
    set -- $(ls "$base" 2>/dev/null || :)
  fi
  groups=
  for id in "$@"; do
    run=$base/$id
    [ -e "$run/group" ] || continue
    [ "$(cat "$run/boot" 2>/dev/null || :)" = "$boot" ] || continue
    group=$(cat "$run/group")
    # The runner has ended and its number is taken: it is somebody else's now, and the group has no members left.
    if [ -d "/proc/$group" ] && ! running; then continue; fi
    groups="$groups $group"
  done
  [ -n "$groups" ] || return 0
  name=TERM
  last=$(($(date +%s) + grace))
  pids=$(members "$groups")
  while [ -n "$pids" ]; do
    # shellcheck disable=SC2086 # a list of process ids
    signal "$name" $pids
    sleep 0.2
    # Once they have been asked, only those who are left at the end are killed.
    while pids=$(members "$groups"); [ -n "$pids" ] && [ "$(date +%s)" -lt "$last" ]; do sleep 0.2; done
    [ "$name" != KILL ] || [ "$(date +%s)" -lt $((last + 30)) ] || exit 1
    name=KILL
  done
  for id in "$@"; do
    run=$base/$id
    [ ! -e "$run/started" ] || [ -e "$run/exit" ] || { echo 137 >"$run/exit.new" && mv "$run/exit.new" "$run/exit"; }
  done
}

verb=$1
shift
case $verb in
  end) end "$@" ;;
  start | state | follow)
    run=$base/$1
    shift
    "$verb" "$@"
    ;;
esac
