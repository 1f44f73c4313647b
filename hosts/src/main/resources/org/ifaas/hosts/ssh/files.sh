#!/bin/sh
# Whole files, to and from the machine.
# usage: files.sh put PATH MODE           standard input to a file beside it
#        files.sh commit PATH BYTES       moves it to its place when it has arrived whole
#        files.sh get PATH BYTES          a regular file to standard output; exits 3 when there is none, 4 when it is larger
set -eu
verb=$1
path=$2
number=$3
case $verb in
  put)
    case $path in */*) mkdir -p -- "${path%/*}/" ;; esac
    umask 077
    cat >"$path.ifaas-part"
    chmod "$number" "$path.ifaas-part"
    ;;
  commit)
    arrived=$(wc -c <"$path.ifaas-part")
    [ "$arrived" -eq "$number" ] || { echo "only $arrived of $number bytes arrived" >&2; exit 1; }
    mv -f -- "$path.ifaas-part" "$path"
    ;;
  get)
    [ ! -L "$path" ] || { echo "it is a symbolic link" >&2; exit 3; }
    [ -e "$path" ] || { echo "there is no such file" >&2; exit 3; }
    [ -f "$path" ] || { echo "it is not a regular file" >&2; exit 3; }
    bytes=$(wc -c <"$path") || exit 3
    [ "$bytes" -le "$number" ] || { echo "it has $bytes bytes" >&2; exit 4; }
    exec cat -- "$path"
    ;;
esac
