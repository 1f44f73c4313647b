#!/bin/sh
# Runs on a build host: uploads parts of a file, each to an address of its own.
# usage: upload-parts.sh FILE LIST [CERTIFICATES]
#   LIST          a line a part: its number, its offset in MiB, its bytes, its address
#   CERTIFICATES  that the store's rests on, in PEM; without them those that the host trusts
set -eu
file=$1
list=$2
certificates=${3:-}
part=$list.part

# Another one may still be at it, which was started before the factory was.
exec 9>"${list%/*}/lock"
flock 9
trap 'rm -f -- "$part"' EXIT

while read -r number offset bytes address; do
    dd if="$file" of="$part" bs=1M skip="$offset" count="$(((bytes + 1048575) / 1048576))" status=none
    [ "$(wc -c <"$part")" -eq "$bytes" ] || { echo "$file has changed since it was built" >&2; exit 1; }
    # On standard input, so that the address is seen in no list of processes.
    printf 'url = "%s"\n' "$address" | curl --config - --silent --show-error --fail --output /dev/null \
        --connect-timeout 20 --speed-limit 1 --speed-time 60 --retry 3 ${certificates:+--cacert "$certificates"} --upload-file "$part"
    echo "part $number has $bytes bytes"
done <"$list"
