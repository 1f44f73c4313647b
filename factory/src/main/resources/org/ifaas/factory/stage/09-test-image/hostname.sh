#!/bin/sh
# The instance has the host name that its seed asked for.
. "${0%/*}/lib.sh"

for file in /proc/sys/kernel/hostname /etc/hostname; do
    name="the host name is set as asked in $file"
    if [ -z "${IFAAS_HOSTNAME:-}" ]; then
        skip "$name" "none was asked for"
    else
        equal "$name" "$IFAAS_HOSTNAME" "$(cat "$root$file" 2>&1 || :)"
    fi
done

# sudo and others complain at every call when it does not.
name="the host name resolves"
own=$(cat "$root/proc/sys/kernel/hostname")
if timeout 30 getent hosts "$own" >/dev/null; then
    ok "$name"
else
    warn "$name" "$own does not; libnss-myhostname or cloud-init's manage_etc_hosts mend it"
fi
finish
