# shellcheck shell=bash
# Where the cloud lies, and what the commands outside of it share. Sourced.
# shellcheck disable=SC2034 # for who sources it
HERE=$(readlink -f "${BASH_SOURCE[0]%/*}")
CHECKOUT=${HERE%/it/openstack}
CLOUD=$CHECKOUT/target/openstack
ROOT=$CLOUD/root-$(sha256sum "$HERE/packages" | cut -c 1-12)
# The first two numbers of the addresses of guests (RANGE.0.0/24) and of the wire between the machine and the cloud.
RANGE=${IFAAS_OPENSTACK_RANGE:-10.77}
# The machine's end of that wire.
LINK=ifaas-cloud

fail() {
    printf 'openstack: %s\n' "$*" >&2
    exit 1
}

need_root() {
    ((EUID == 0)) || fail "namespaces, mounts and a network interface need root: run it with sudo"
}

# one_at_a_time SCRIPT ARGUMENT…: the whole script runs under the lock; what it starts does not inherit it.
one_at_a_time() {
    [[ ${IFAAS_OPENSTACK_LOCKED:-} == "$$" ]] && return
    # shellcheck disable=SC2016 # the inner shell's
    exec flock --close "$HERE" bash -c 'IFAAS_OPENSTACK_LOCKED=$$ exec "$@"' - "$@"
}

# The cloud's first process as the machine numbers it; nothing when the cloud does not run.
first_process() {
    local pid start is
    read -r pid start 2>/dev/null <"$CLOUD/run/first-process" || return 1
    is=$(awk '{ sub(/^.*\) /, ""); print $20 }' "/proc/$pid/stat" 2>/dev/null) || return 1
    [[ $is == "$start" ]] && echo "$pid"
}

# inside COMMAND…: in the cloud's files, processes and network.
inside() {
    _enter --net -- "$@"
}

# beside COMMAND…: in the cloud's files and processes, but in the machine's own network.
beside() {
    _enter -- "$@"
}

_enter() {
    local pid
    pid=$(first_process) || fail "the cloud does not run: make openstack-up"
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" \
        ${IFAAS_TEST_RUN:+"IFAAS_TEST_RUN=$IFAAS_TEST_RUN"} nsenter --target "$pid" --mount --uts --ipc --pid "$@"
}

# A sources.list entry a line. The machine may itself be another release: one site serves all suites of Debian.
debian_mirrors() {
    local format="\$(SITE)"
    apt-get indextargets --no-release-info --format "$format" 'Created-By: Packages' | awk '
        /\/debian\/?$/ && !main { main = $1 }
        /\/debian-security\/?$/ && !security { security = $1 }
        END {
            if (!main) exit
            print "deb " main " bookworm main"
            print "deb " main " bookworm-updates main"
            if (security) print "deb " security " bookworm-security main"
        }'
}
