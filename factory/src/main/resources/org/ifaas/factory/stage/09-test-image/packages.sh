#!/bin/sh
# Packages and kernel are as their archive made them, and as new as the mirror had them at the time of the build.
. "${0%/*}/lib.sh"

kernels=$(for file in "$root"/boot/vmlinuz-*; do [ ! -e "$file" ] || echo "${file##*/vmlinuz-}"; done)
name="the newest kernel runs"
if [ -z "$kernels" ]; then
    skip "$name" "there is no kernel in /boot"
else
    equal "$name" "$(printf '%s\n' "$kernels" | sort -V | tail -n 1)" "$(cat "$root/proc/sys/kernel/osrelease")"
fi

if ! command -v dpkg-query >/dev/null; then
    skip "the package database is sound" "this is no Debian"
    finish
    exit 0
fi

# Without the files that the image leaves out on purpose: dpkg's path-exclude, and what is only there to be read.
not_left_out() {
    patterns=$(sed -n 's/^path-exclude *= *//p' "$root"/etc/dpkg/dpkg.cfg "$root"/etc/dpkg/dpkg.cfg.d/* 2>/dev/null || :)
    set -f
    grep -v -E '^missing .* /(usr/share/(doc|man|info|locale|lintian|linda|groff|help|doc-base)|var/(log|cache))(/|$)' |
        while read -r what path; do
            if [ "$what" = missing ]; then
                for pattern in $patterns; do
                    # shellcheck disable=SC2254 # a pattern is a pattern
                    case $path in $pattern) continue 2 ;; esac
                done
            fi
            [ -z "$what" ] || echo "$what $path"
        done
}

installed=$(dpkg-query ${root:+"--admindir=$root/var/lib/dpkg"} -W -f '${db:Status-Abbrev}\t${Package}\t${Version}\n')
figure packages "$(printf '%s\n' "$installed" | grep -c '^.i')"

audit=$(dpkg ${root:+"--root=$root"} --audit 2>&1) || audit="$audit
exit code $?"
empty "the package database is sound" "$audit"
empty "every package is installed whole" "$(printf '%s\n' "$installed" | grep -v -e '^[ih]i ' -e '^rc ' -e '^un ' || :)"

# debsums where the image has it, else dpkg's own comparison: the same checksums.
name="files are as their packages brought them"
limit=${IFAAS_VERIFY_SECONDS:-300} code=0
if command -v debsums >/dev/null && [ -z "$root" ]; then
    changed=$(timeout "$limit" debsums -s 2>&1) || code=$?
    changed=$(printf '%s\n' "$changed" | sed 's/^debsums: missing file \([^ ]*\).*/missing     \1/' | not_left_out)
else
    changed=$(timeout "$limit" dpkg ${root:+"--root=$root"} --verify 2>&1) || code=$?
    changed=$(printf '%s\n' "$changed" | grep -v '^.\{9\} c ' | not_left_out)
fi
if [ "$code" -eq 124 ]; then
    skip "$name" "comparing took longer than $limit s"
else
    empty "$name" "$changed"
fi

name="no update is pending against the mirror's state at the build"
offered=${0%/*}/packages-offered.tsv
if ! grep -q . "$offered" 2>/dev/null; then
    skip "$name" "the mirror's state is not known"
else
    pending=$(printf '%s\n' "$installed" | awk -F '\t' '
        NR == FNR { offered[$1] = $2; next }
        $1 ~ /^.i/ && $2 in offered && offered[$2] != $3 { print $2, $3, offered[$2] }' "$offered" - |
        while read -r package has new; do
            ! dpkg --compare-versions "$has" lt "$new" || echo "$package $has, offered $new"
        done)
    empty "$name" "$pending"
fi
finish
