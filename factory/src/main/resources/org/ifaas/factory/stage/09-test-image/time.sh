#!/bin/sh
# The clock is kept in step by one of the usual services.
. "${0%/*}/lib.sh"

known="systemd-timesyncd chrony chronyd ntpsec ntp ntpd openntpd"
# shellcheck disable=SC2086 # names of units, a word each
states=$(systemctl is-active $known 2>&1 || :)
name="time synchronisation is configured"
if printf '%s\n' "$states" | grep -q -x active; then
    ok "$name"
else
    not_ok "$name" "none of these is active: $known"
fi
finish
