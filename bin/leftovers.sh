# shellcheck shell=bash
# What a run of ./test left on the machine: processes that it started, and mounts, loop devices and control groups of build hosts that
# were not there before. A namespace is held by one of the processes or mounts.

# Inherited by everything that the tests start, so that other people's processes are never counted.
remember_what_is_there() {
    export IFAAS_TEST_RUN=$$-$RANDOM
    _mounts >target/test/mounts.before
    _loops >target/test/loops.before
    _groups >target/test/groups.before
}

nothing_is_left() {
    local deadline=$((SECONDS + ${LEFTOVERS_PATIENCE:-10})) left
    while left=$(_left) && [[ -n $left ]] && ((SECONDS < deadline)); do
        sleep 0.5
    done
    [[ -z $left ]] && return 0
    echo "$left"
    return 1
}

_left() {
    _processes
    _mounts | comm -13 target/test/mounts.before - | sed 's/^/mount: /'
    _loops | comm -13 target/test/loops.before - | sed 's/^/loop device: /'
    _groups | comm -13 target/test/groups.before - | _without_processes | sed 's/^/control group: /'
}

_processes() {
    local process pid
    for process in /proc/[0-9]*; do
        pid=${process#/proc/}
        [[ $pid == "$$" || $pid == "$BASHPID" ]] && continue
        grep -qsaF "IFAAS_TEST_RUN=$IFAAS_TEST_RUN" "$process/environ" || continue
        # Ourselves: the shells of this very check.
        [[ $(ps -o sid= -p "$pid") == "$(ps -o sid= -p $$)" && $(ps -o comm= -p "$pid") =~ ^(test|grep|comm|sed|bash|ps)$ ]] && continue
        echo "process: $pid $(tr '\0' ' ' <"$process/cmdline" | cut -c1-150)"
    done 2>/dev/null
}

_mounts() {
    cut -d' ' -f5 /proc/self/mountinfo | sort
}

# Those that build hosts get, in every hierarchy.
_groups() {
    find /sys/fs/cgroup -type d -name 'host-*' 2>/dev/null | sort
}

# Where something runs, a build host of somebody else does, or it is told as a process.
_without_processes() {
    local group
    while IFS= read -r group; do
        [[ -n $(find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null) ]] || echo "$group"
    done
}

_loops() {
    losetup -n -O NAME,BACK-FILE -a 2>/dev/null | sort
}
