#!/bin/sh
# run.sh SCRIPT SECONDS BYTES: runs one of the scripts beside it by the interpreter that its first line names, with the
# parameters in the file `env`; prints its exit code in a line, then the first BYTES of what it has printed.
# The interpreter is called by name, since the folder may be mounted noexec.
set -eu
script=$1 seconds=$2 bytes=$3
cd "${0%/*}"
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
export PATH LC_ALL
set -a
# shellcheck source=/dev/null # written by the factory
. ./env
set +a
IFS= read -r first <"$script" || :
case $first in
    '#!'*) interpreter=${first#??} ;;
    *) interpreter=/bin/sh ;;
esac
code=0
# shellcheck disable=SC2086 # an interpreter and its option
timeout -k 10 "$seconds" $interpreter "$PWD/$script" </dev/null >"$script.out" 2>&1 || code=$?
printf 'exit %d\n' "$code"
head -c "$bytes" "$script.out"
