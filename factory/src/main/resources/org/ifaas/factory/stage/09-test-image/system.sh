# shellcheck shell=sh
# Test points on the whole system, after the first boot and after a reboot. Sourced after lib.sh.
# shellcheck disable=SC2154 # root: lib.sh

# Waits without asking cloud-init's own command, which costs seconds of Python each time.
wait_for_cloud_init() { # SECONDS
    [ -d "$root/run/cloud-init" ] || return 0
    [ ! -e "$root/run/cloud-init/disabled" ] || return 0
    left=$1
    until [ -e "$root/run/cloud-init/result.json" ] || [ "$left" -le 0 ]; do
        sleep 1
        left=$((left - 1))
    done
}

boot_finished() {
    wait_for_cloud_init "${IFAAS_SETTLE_SECONDS:-120}"
    state=$(timeout "${IFAAS_SETTLE_SECONDS:-120}" systemctl is-system-running --wait 2>&1) || :
    case $state in
        running | degraded) ok "the system has finished booting" ;;
        *) not_ok "the system has finished booting" "state: ${state:-unknown}" "$(systemctl list-jobs --no-pager 2>&1)" ;;
    esac
}

no_failed_units() {
    failed=$(systemctl list-units --state=failed --all --plain --no-legend --no-pager | cut -d ' ' -f 1)
    if [ -z "$failed" ]; then
        ok "no unit has failed"
    else
        # shellcheck disable=SC2086 # names of units, a word each
        not_ok "no unit has failed" "$failed" "$(systemctl status --no-pager --lines=8 -- $failed 2>&1 || :)"
    fi
}
