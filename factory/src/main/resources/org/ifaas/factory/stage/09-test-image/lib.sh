# shellcheck shell=sh
# What the scripts of the baseline suite share. A script sources it, prints its test points and ends with `finish`; one
# that dies on the way prints no plan, which the factory counts as a failure. Parameters are variables named IFAAS_….
# $root is empty on an instance; the tests of these scripts put a folder there.
set -eu
root=${IFAAS_ROOT:-}
points=0
echo "TAP version 13"

ok() { # NAME
    points=$((points + 1))
    printf 'ok %d - %s\n' "$points" "$1"
}

not_ok() { # NAME [TEXT…]
    points=$((points + 1))
    printf 'not ok %d - %s\n' "$points" "$1"
    shift
    explain "$@"
}

skip() { # NAME REASON
    points=$((points + 1))
    printf 'ok %d - %s # SKIP %s\n' "$points" "$1" "$2"
}

# Worth a look, but no failure.
warn() { # NAME [TEXT…]
    points=$((points + 1))
    printf 'not ok %d - %s # TODO a warning, not a failure\n' "$points" "$1"
    shift
    explain "$@"
}

explain() { # [TEXT…]
    [ $# -gt 0 ] || return 0
    printf '%s\n' "$@" | grep . | head -n 40 | sed 's/^/# /'
}

empty() { # NAME FINDINGS [TEXT…]: passes when there are no findings
    if [ -z "$2" ]; then ok "$1"; else not_ok "$@"; fi
}

equal() { # NAME EXPECTED ACTUAL
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2" "found: $3"; fi
}

figure() { # NAME VALUE
    printf '# figure %s %s\n' "$1" "$2"
}

finish() {
    printf '1..%d\n' "$points"
}

# When this boot began, in seconds since 1970, a minute early: the clock may have been set since.
booted() {
    sed -n 's/^btime //p' "$root/proc/stat" | while read -r began; do echo $((began - 60)); done
}

written_since() { # SECONDS FILE
    [ "$(stat -c %Y "$2")" -ge "$1" ]
}

# Whether the file came into being since: logs that were there before are appended to.
born_since() { # SECONDS FILE
    born=$(stat -c %W "$2" 2>/dev/null) || return 1
    case $born in '' | 0 | *[!0-9]*) return 1 ;; esac
    [ "$born" -ge "$1" ]
}

host_keys() { # the public host keys in base64, a line each
    for file in "$root"/etc/ssh/ssh_host_*_key.pub; do
        [ ! -f "$file" ] || cut -d ' ' -f 2 "$file"
    done
}
