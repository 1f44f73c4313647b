#!/bin/sh
# The instance boots: within its budget, to the end, with no failed unit.
. "${0%/*}/lib.sh"
. "${0%/*}/system.sh"

name="the first login came within the boot budget"
if [ -z "${IFAAS_BOOT_MILLISECONDS:-}" ] || [ -z "${IFAAS_BOOT_BUDGET_MILLISECONDS:-}" ]; then
    skip "$name" "the boot was not measured"
elif [ "$IFAAS_BOOT_MILLISECONDS" -le "$IFAAS_BOOT_BUDGET_MILLISECONDS" ]; then
    ok "$name"
else
    not_ok "$name" "took $IFAAS_BOOT_MILLISECONDS ms, budget $IFAAS_BOOT_BUDGET_MILLISECONDS ms"
fi

boot_finished
no_failed_units

# From the manager's own clock, in microseconds since the kernel started.
stamps=$(systemctl show --property=UserspaceTimestampMonotonic --property=FinishTimestampMonotonic 2>/dev/null) || stamps=
for stamp in $stamps; do
    micros=${stamp#*=}
    case $micros in '' | 0 | *[!0-9]*) continue ;; esac
    seconds=$(printf '%d.%03d' $((micros / 1000000)) $((micros / 1000 % 1000)))
    case $stamp in
        Userspace*) figure boot_kernel_seconds "$seconds" ;;
        Finish*) figure boot_finished_seconds "$seconds" ;;
    esac
done
if [ -f "$root/var/log/cloud-init-output.log" ]; then
    up=$(sed -n 's/^Cloud-init .* finished at .* Up \([0-9.]*\) seconds.*/\1/p' "$root/var/log/cloud-init-output.log" | tail -n 1)
    [ -z "$up" ] || figure cloud_init_finished_seconds "$up"
fi
finish
