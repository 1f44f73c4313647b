# shellcheck shell=bash
# The built product: target/ifaas/<time>/lib/{cli,server}/*.jar and aot/. target/ifaas/current points to the newest. A new build never
# touches the jars of a running process: each process holds a shared lock on its folder, and only unlocked folders go.
# Expects ROOT (the checkout, or the folder of an installed product). Sets PRODUCT.

# Sets PRODUCT to what was built last, be it old; returns 1 when there is none.
find_product() {
    PRODUCT=$ROOT
    [[ ! -f $ROOT/pom.xml ]] || PRODUCT=$(readlink -e "$ROOT/target/ifaas/current")
}

# Sets PRODUCT, building it first where it is missing or older than its sources. An installed product has no pom.xml.
need_product() {
    if [[ ! -f $ROOT/pom.xml ]]; then
        PRODUCT=$ROOT
        return 0
    fi
    PRODUCT=$ROOT/target/ifaas/current
    if [[ ! -d $PRODUCT/lib/cli ]]; then
        _build_product 'Building the factory on first use'
    elif _sources_newer_than "$PRODUCT/sources-read"; then
        _build_product 'Sources have changed: building the factory anew'
    fi
    PRODUCT=$(readlink -f "$PRODUCT")
}

# Folders count too, so that a removed file is seen.
_sources_newer_than() {
    [[ -n $(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml "$ROOT"/*/src/main -newer "$1" -print -quit) ]]
}

_build_product() {
    local lock built=false
    need_programs mvn:maven
    mkdir -p "$ROOT/target/ifaas"
    exec {lock}>"$ROOT/target/ifaas/lock"
    flock "$lock"
    # Another ifaas may have built it while this one waited.
    if [[ ! -d $ROOT/target/ifaas/current/lib/cli ]] || _sources_newer_than "$ROOT/target/ifaas/current/sources-read"; then
        build_product "$1" -T 1C -DskipTests -pl server,cli -am || exit 3
        built=true
    fi
    # Not handed on to what runs in the background.
    exec {lock}>&-
    if $built; then
        _train_server "$(readlink -f "$ROOT/target/ifaas/current")"
    fi
}

# build_product TITLE MAVEN-ARGUMENT…: builds with Maven, makes the command line's AOT cache, and switches over.
build_product() {
    local title=$1 new old log=$ROOT/target/ifaas/build.log
    shift
    new=$ROOT/target/ifaas/$(date +%Y%m%d%H%M%S)-$$
    mkdir -p "$new/aot"
    # Taken before the sources are read: what is edited meanwhile is newer.
    touch "$new/sources-read"
    JAVA_HOME=$JDK mvn -B -ntp -f "$ROOT/pom.xml" -Difaas.product="$new" "$@" package 2>&1 </dev/null |
        tee "$log" | _show_progress "$title"
    if ((PIPESTATUS[0])); then
        grep -E '^\[ERROR\]|^ERROR' "$log" | head -n 30 >&2
        echo "ifaas: Maven could not build the factory; all it said is in $log" >&2
        rm -rf "$new"
        return 1
    fi
    train_cli "$new"
    ln -sfn "${new##*/}" "$ROOT/target/ifaas/current.new"
    mv -T "$ROOT/target/ifaas/current.new" "$ROOT/target/ifaas/current"
    for old in "$ROOT"/target/ifaas/*/; do
        old=${old%/}
        [[ $old == "$new" || -L $old ]] || flock -n -x "$old" rm -rf "$old" || true
    done
}

# One line that is rewritten on a terminal; otherwise the title, and a line for each part of the product.
_show_progress() {
    local line count what='' start=$SECONDS
    if [[ ! -t 2 ]]; then
        echo "$1 …" >&2
        sed -un 's|^\[INFO\] Building \([a-z][a-z]*\) .*\[\([0-9]*\)/\([0-9]*\)\]$|  \1 (\2 of \3)|p' >&2
        return
    fi
    while IFS= read -r line; do
        if [[ $line =~ ^\[INFO\]\ Building\ ([a-z]+)\ .*\[([0-9]+)/([0-9]+)\] ]]; then
            count="${BASH_REMATCH[2]} of ${BASH_REMATCH[3]}"
            what=${BASH_REMATCH[1]}
            printf '\r\e[K%s: %s (%s) %ds' "$1" "$what" "$count" $((SECONDS - start)) >&2
        elif [[ -z $what ]]; then
            printf '\r\e[K%s: fetching libraries %ds' "$1" $((SECONDS - start)) >&2
        fi
    done
    printf '\r\e[K%s: %ds\n' "$1" $((SECONDS - start)) >&2
}

# Java's start-up work, done once (JEP 514). A cache serves one exact JDK and one set of jars. Never fails: a start without it is only slower.
train_cli() {
    local cache=$1/aot/cli-$JDK_RUNTIME.aot
    [[ -w $1/aot && ! -f $cache ]] || return 0
    if "$JDK/bin/java" "${CLI_FLAGS[@]}" -XX:AOTCacheOutput="$cache.$$" -cp "$(class_path "$1/lib/cli")" \
        org.ifaas.cli.Main train >"$1/aot/cli.log" 2>&1 </dev/null; then
        mv "$cache.$$" "$cache"
    fi
    rm -f "$cache.$$" "$cache.$$.config"
}

# Always in the same order: an AOT cache is good for one class path only.
class_path() {
    local jars=("$1"/*.jar) IFS=:
    printf '%s' "${jars[*]}"
}

# The server's takes longer and only its start gains: made in the background at the lowest priority.
_train_server() {
    compgen -G "$1/lib/server/server-*.jar" >/dev/null || return 0
    (
        exec </dev/null >"$1/aot/server.log" 2>&1
        exec setsid nice -n 19 "$ROOT/bin/factory" train
    ) &
    disown
}

CLI_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr)
