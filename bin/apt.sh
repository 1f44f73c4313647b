# shellcheck shell=bash disable=SC2034
# The programs that the factory runs, and the Debian packages that hold them.

FACTORY_PROGRAMS=(
    git:git
    qemu-img:qemu-utils
    hashdeep:hashdeep
    iperf3:iperf3
    ssh:openssh-client
    debugfs:e2fsprogs
    gpgv:gpgv
    jq:jq
    zstd:zstd
)

# Those for build hosts and test instances on this machine, which a factory that uses a cloud's goes without.
HOST_PROGRAMS=(
    qemu-system-x86_64:qemu-system-x86
    mmdebstrap:mmdebstrap
    systemd-nspawn:systemd-container
    slirp4netns:slirp4netns
    unshare:util-linux
    newuidmap:uidmap
)

TEST_PROGRAMS=(
    mvn:maven
    shellcheck:shellcheck
    busybox:busybox-static
    cpio:cpio
    tmux:tmux
    chromium:chromium
    gpg:gnupg
    sfdisk:fdisk
    zsh:zsh
)

# Sets missing and packages to what is missing of the given PROGRAM:PACKAGE pairs.
_missing() {
    local pair
    # Debian keeps administrators' programs out of a user's PATH.
    local PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    missing=()
    packages=()
    for pair in "$@"; do
        if ! type -P "${pair%%:*}" >/dev/null; then
            missing+=("${pair%%:*}")
            packages+=("${pair#*:}")
        fi
    done
}

# Says what is missing of the given pairs for hosts on this machine; that is no error.
tell_programs() {
    local missing packages
    _missing "$@"
    ((${#missing[@]})) || return 0
    echo "ifaas: build hosts and test instances on this machine need ${missing[*]}: apt-get install --no-install-recommends ${packages[*]}" >&2
}

# Installs what is missing of the given pairs when root; otherwise says how, and exits with 3.
need_programs() {
    local missing packages
    _missing "$@"
    if ((EUID != 0)) || ! type -P apt-get >/dev/null; then
        want_programs "$@"
    elif ((${#missing[@]})); then
        apt_install "${packages[@]}" || exit 3
    fi
}

# Prints the one command that installs what is missing of the given pairs, and exits with 3.
want_programs() {
    local missing packages
    _missing "$@"
    ((${#missing[@]})) || return 0
    if ! type -P apt-get >/dev/null; then
        echo "ifaas: programs are missing: ${missing[*]}. Install them with your system's package manager (Debian's packages are ${packages[*]})." >&2
    else
        echo "ifaas: programs are missing: ${missing[*]}. Run this, then try again:" >&2
        echo "  sudo apt-get install --no-install-recommends ${packages[*]}" >&2
    fi
    exit 3
}

# Package lists may be too old or missing; they are fetched only when the first try fails.
apt_install() {
    local log
    log=$(mktemp)
    echo "Installing with apt: $*" >&2
    if ! _apt_get install "$@" >"$log" 2>&1 && ! { _apt_get update && _apt_get install "$@"; } >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        echo "ifaas: apt could not install $*. Mend what it says above, then run: apt-get install --no-install-recommends $*" >&2
        return 1
    fi
    rm -f "$log"
}

_apt_get() {
    local verb=$1
    shift
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends "$verb" "$@" </dev/null
}
