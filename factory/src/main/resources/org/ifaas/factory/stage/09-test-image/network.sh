#!/bin/sh
# Names resolve and the instance reaches the outside.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2016 # bash is to expand it
connect() { # HOST PORT
    HOST=$1 PORT=$2 timeout 60 bash -c 'exec 3<>"/dev/tcp/$HOST/$PORT"' 2>&1
}

name="there is a default route"
if grep -q -E '^[^	]+	00000000	' "$root/proc/net/route" 2>/dev/null ||
    grep -q -E '^0{32} 00 ' "$root/proc/net/ipv6_route" 2>/dev/null; then
    ok "$name"
else
    not_ok "$name" "$(cat "$root/proc/net/route" 2>&1 || :)"
fi

host=${IFAAS_OUTBOUND_HOST:-} port=${IFAAS_OUTBOUND_PORT:-80}
case $host in
    '') skip "names resolve" "no address was given that may be contacted" ;;
    *:* | *[!0-9.]*)
        if found=$(timeout 60 getent ahosts "$host" 2>&1); then
            ok "names resolve"
        else
            not_ok "names resolve" "$host does not: $found" "$(cat "$root/etc/resolv.conf" 2>&1 || :)"
        fi
        ;;
    *) skip "names resolve" "the only address that may be contacted is a number" ;;
esac

name="a connection to the outside opens"
if [ -z "$host" ]; then
    skip "$name" "no address was given that may be contacted"
elif ! command -v bash >/dev/null; then
    skip "$name" "there is no bash to open one with"
elif said=$(connect "$host" "$port"); then
    ok "$name"
else
    not_ok "$name" "$host port $port: $said"
fi
finish
