#!/bin/sh
# The instance is the same after a reboot. Runs after the factory has rebooted it.
. "${0%/*}/lib.sh"
. "${0%/*}/system.sh"

now=$(cat "$root/proc/sys/kernel/random/boot_id")
if [ "$now" != "$IFAAS_BEFORE_BOOT_ID" ]; then
    ok "the instance has rebooted"
else
    not_ok "the instance has rebooted" "the boot id is still $now"
fi
boot_finished
no_failed_units
equal "the machine id is the same after a reboot" "$IFAAS_BEFORE_MACHINE_ID" "$(cat "$root/etc/machine-id" 2>&1 || :)"
keys=$(host_keys | sort | tr '\n' ' ')
equal "the host keys are the same after a reboot" "$IFAAS_BEFORE_HOST_KEYS" "${keys% }"
if [ -z "${IFAAS_HOSTNAME:-}" ]; then
    skip "the host name is the same after a reboot" "none was asked for"
else
    equal "the host name is the same after a reboot" "$IFAAS_HOSTNAME" "$(cat "$root/proc/sys/kernel/hostname")"
fi
finish
