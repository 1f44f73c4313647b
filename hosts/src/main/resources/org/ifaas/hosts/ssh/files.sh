#!/bin/sh
# Whole files, to and from the machine.
# usage: files.sh put PATH MODE           standard input to a file beside it
#        files.sh commit PATH BYTES       moves it to its place when it has arrived whole
#        files.sh mark PATH              size, time and inode of a regular file; exits 3 when there is none
#        files.sh get PATH BYTES FROM MARK
#                                        the file from an offset on to standard output; exits 4 when it is larger, 5 when
#                                        it is not what was marked
set -eu
verb=$1
path=$2
number=${3:-}
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
  mark | get)
    [ ! -L "$path" ] || { echo "it is a symbolic link" >&2; exit 3; }
    [ -e "$path" ] || { echo "there is no such file" >&2; exit 3; }
    [ -f "$path" ] || { echo "it is not a regular file" >&2; exit 3; }
    [ -r "$path" ] || { echo "it can't be read" >&2; exit 3; }
    mark=$(stat -c '%s %Y %i' -- "$path") || exit 3
    [ "$verb" = get ] || { echo "$mark"; exit 0; }
    [ "$mark" = "$5" ] || { echo "it was $5, and is $mark" >&2; exit 5; }
    [ "${mark%% *}" -le "$number" ] || { echo "it has ${mark%% *} bytes" >&2; exit 4; }
    [ "$4" -gt 0 ] || exec cat -- "$path"
    exec tail -c "+$(($4 + 1))" -- "$path"
    ;;
esac
