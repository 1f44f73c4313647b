#!/bin/sh
# Somebody who has lost the network gets in over the serial console.
. "${0%/*}/lib.sh"

serial=
for console in $(cat "$root/sys/class/tty/console/active" 2>/dev/null || :); do
    case $console in tty[A-Z]* | hvc* | sclp*) serial="$serial $console" ;; esac
done
if [ -z "$serial" ]; then
    not_ok "the kernel writes to a serial console" "command line: $(cat "$root/proc/cmdline")"
else
    ok "the kernel writes to a serial console"
fi

for console in ${serial:-ttyS0}; do
    name="the serial console has a login"
    [ "$console" = ttyS0 ] || name="$name ($console)"
    equal "$name" active "$(systemctl is-active "serial-getty@$console.service" 2>&1 || :)"
done
finish
