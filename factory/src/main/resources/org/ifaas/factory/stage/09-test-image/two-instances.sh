#!/bin/sh
# Two instances of one image share nothing that tells machines apart. Runs on the second of them.
. "${0%/*}/lib.sh"

id=$(cat "$root/etc/machine-id" 2>/dev/null) || id=
if [ -n "$id" ] && [ "$id" != "$IFAAS_OTHER_MACHINE_ID" ]; then
    ok "two instances have different machine ids"
else
    not_ok "two instances have different machine ids" "both have: $id"
fi

mine=$(host_keys)
shared=$(for key in $mine; do for other in $IFAAS_OTHER_HOST_KEYS; do [ "$key" != "$other" ] || echo "$key"; done; done)
[ -n "$mine" ] || shared="this instance has no host key"
[ -n "$IFAAS_OTHER_HOST_KEYS" ] || shared="the other instance has no host key"
empty "two instances have different host keys" "$shared"
finish
