# shellcheck shell=bash
# What a run of ./test left on the machine: processes that it started, mounts, loop devices and files that were not there before.

# Inherited by everything that the tests start, so that other people's processes are never counted.
remember_what_is_there() {
    export IFAAS_TEST_RUN=$$-$RANDOM
    _mounts >target/test/mounts.before
    _loops >target/test/loops.before
}

nothing_is_left() {
    local deadline=$((SECONDS + 10)) left
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

_loops() {
    losetup -n -O NAME,BACK-FILE -a 2>/dev/null | sort
}
