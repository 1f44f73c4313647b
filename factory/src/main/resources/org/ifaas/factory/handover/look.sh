#!/bin/sh
# The bytes of a regular file, or in words why there is none.
set -eu
path=$1
if [ -L "$path" ]; then
    echo "it is a symbolic link"
elif [ ! -e "$path" ]; then
    echo "there is no such file"
elif [ ! -f "$path" ]; then
    echo "it is not a regular file"
elif [ ! -r "$path" ]; then
    echo "it can't be read"
else
    stat -c %s -- "$path"
fi
