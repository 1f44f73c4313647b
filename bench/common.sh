# shellcheck shell=bash
# What the benches share. Sourced by their `run`, in the checkout's root; sets JDK and JAVA_HOME.
# A bench works in target/bench/NAME, which is gone when it ends, however it ends. What is worth keeping for the next run
# (prepared roots, packages, PostgreSQL's programs, the verdict on KVM) lies in target/bench/cache.

# shellcheck source=bin/apt.sh
. bin/apt.sh
# shellcheck source=bin/jdk.sh
. bin/jdk.sh
# shellcheck source=bin/product.sh
. bin/product.sh
need_jdk
export JAVA_HOME=$JDK LC_ALL=C
ROOT=$PWD
TIMEFORMAT='%R %U %S'
# Who leads the session that is attended, and those that run beside it; they end with the bench.
child='' beside=()
homes=()

# bench NAME: sets folder.
bench() {
    folder=$ROOT/target/bench/$1
    # What a run that was killed has left there.
    local home
    for home in "$folder"/*/factory-id; do
        [[ ! -e $home ]] || end_factory "${home%/*}"
    done
    remove "$folder"
    mkdir -p "$folder"
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

clean_up() {
    trap '' INT TERM HUP
    local leader
    for leader in $child "${beside[@]}"; do
        kill -TERM -- "-$leader" 2>/dev/null || true
        wait "$leader" 2>/dev/null || true
    done
    ! declare -F clean_up_too >/dev/null || clean_up_too
    local home
    for home in "${homes[@]}"; do
        end_factory "$home"
    done
    remove "$folder"
}

remove() {
    rm -rf --one-file-system -- "$1"
}

# attended COMMAND…: runs it in a session of its own, which ends with the bench, at once, when somebody ends that.
attended() {
    local code=0
    setsid "$@" &
    child=$!
    wait "$child" || code=$?
    child=''
    return "$code"
}

# the_product: builds it and makes both start-up caches, where that is still to be done. Sets PRODUCT.
the_product() {
    need_programs "${FACTORY_PROGRAMS[@]}" "${HOST_PROGRAMS[@]}"
    need_product
    bin/factory train >/dev/null 2>&1
    compgen -G "$PRODUCT/aot/server-*.aot" >/dev/null ||
        { echo "the factory could not be trained: see what 'bin/factory train' says" >&2; exit 3; }
}

# a_home NAME: sets home, the folder of a factory of its own.
a_home() {
    local kept
    home=$folder/$1
    mkdir -m 700 "$home"
    homes+=("$home")
    for kept in cache kvm mirrors postgresql roots; do
        mkdir -p "$ROOT/target/bench/cache/$kept"
        ln -s "$ROOT/target/bench/cache/$kept" "$home/$kept"
    done
}

# end_factory HOME: builds that still run are cancelled and clean up behind themselves; then it is stopped.
end_factory() {
    local build
    if [[ -e $1/run/factory.json ]] || _holds_something "$1"; then
        for build in $(unfinished_builds "$1"); do
            ./ifaas cancel "$build" --home "$1" >/dev/null
            ./ifaas show -f "$build" --home "$1" >/dev/null || true
        done
        ./ifaas serve --stop --home "$1" >/dev/null || true
    fi
    ! _holds_something "$1" || echo "bench: something is left in $1: see hosts/ and instances/ there" >&2
}

_holds_something() {
    compgen -G "$1/hosts/*/[a-z]*" >/dev/null || compgen -G "$1/instances/[a-z]*" >/dev/null
}

unfinished_builds() {
    ./ifaas builds --json --home "$1" | sed 's/"id" *:/\n&/g' |
        sed -n 's/^"id" *: *"\([a-z0-9]*\)".*"state" *: *"\(QUEUED\|RUNNING\)".*/\1/p'
}

# stage_times BUILD: a line a stage: number, name, and in seconds since 1970 when it started and ended.
stage_times() {
    ./ifaas show "$1" --json --home "$home" | sed 's/{"number":/\n&/g' |
        sed -n 's/^{"number":\([0-9]*\),"name":"\([a-z-]*\)".*"started":"\([^"]*\)","ended":"\([^"]*\)".*/\1 \2 \3 \4/p' |
        while read -r number name from to; do
            echo "$number $name $(date -d "$from" +%s.%N) $(date -d "$to" +%s.%N)"
        done
}

# host_root: the prepared root that the factory's last container host stood on.
host_root() {
    local used
    # shellcheck disable=SC2012 # names are the factory's own
    used=$(ls -t "$home"/roots/container/*.used | head -n 1)
    echo "${used%.used}"
}

# seconds SINCE: from a value of EPOCHREALTIME until now.
seconds() {
    awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }'
}

# of_runs least|median FIGURE…
of_runs() {
    local which=$1
    shift
    printf '%s\n' "$@" | sort -g | awk -v which="$which" '
        { all[NR] = $1 }
        END { printf "%.3f", which == "least" ? all[1] : (all[int((NR + 1) / 2)] + all[int(NR / 2) + 1]) / 2 }'
}

# ratio OURS THEIRS
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# machine: for the first line of a report.
machine() {
    local model
    model=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
    echo "$(nproc) processors (${model:-unknown}), $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB, load $(cut -d' ' -f1 /proc/loadavg)"
}
