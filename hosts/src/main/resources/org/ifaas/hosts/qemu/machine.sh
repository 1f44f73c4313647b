#!/bin/sh
# Runs one virtual machine; the current folder is the machine's own. Ends when the machine ends, and leaves no process.
# usage: machine.sh PORTS PROGRAM ARGUMENT...
#   PORTS  ports of the factory's loopback that the machine may reach at 10.0.2.2; empty for none
set -eu

say() {
    printf '%s\n' "$*" >&2
}

# A child that has ended is a zombie until somebody waits for it.
runs() {
    case $(cat "/proc/$1/stat" 2>/dev/null) in
    '' | *') Z '*) return 1 ;;
    esac
}

# Waits until a child has written a file, for at most a minute.
await() {
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 1200 ] || ! runs "$2"; then
            say "$3"
            exit 1
        fi
        sleep 0.05
    done
}

ports=$1
loopback=
[ -n "$ports" ] || loopback=--disable-host-loopback

mkfifo -m 600 console.pipe
sh ./console.sh <console.pipe &
unshare --user --map-root-user --net --mount -- sh ./guest.sh "$@" >console.pipe 2>&1 &
guest=$!
trap 'kill -KILL "$guest" ${net:-} 2>/dev/null || :; wait' EXIT
await namespace "$guest" 'no network namespace could be made'

# shellcheck disable=SC2086 # one option or none
slirp4netns --configure --mtu=65520 $loopback --api-socket=net.api --ready-fd=3 "$guest" tap0 3>net.ready >net.log 2>&1 &
net=$!
await net.ready "$net" 'slirp4netns did not start'
echo go >go

wait "$guest" || say "ended with $?"
