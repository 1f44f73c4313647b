#!/bin/sh
# Keeps the last of what a machine writes to its console: one to two MiB in console.old and console.log.
set -eu

limit=1048576
# Unbuffered: the last words of a machine that hangs must be in the file.
while stdbuf -o0 head -c "$limit" >console.log; do
    [ "$(stat -c %s console.log)" -ge "$limit" ] || break
    mv console.log console.old
done
