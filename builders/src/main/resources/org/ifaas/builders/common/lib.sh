# shellcheck shell=bash
# What all builders share. Sourced by their build.sh; the environment is described in docs/builders.md.
set -euo pipefail
umask 022
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive
: "${IFAAS_DEFINITION:?}" "${IFAAS_DESCRIPTION:?}" "${IFAAS_WORK:?}" "${IFAAS_IMAGE:?}" "${IFAAS_PACKAGES:?}"
: "${IFAAS_DISK_MIB:?}" "${IFAAS_COMPRESSION:?}" "${IFAAS_SEED:?}" "${SOURCE_DATE_EPOCH:?}"

# Programs of a definition may source this file, too.
export IFAAS_LIB=${BASH_SOURCE[0]}
scratch=$IFAAS_WORK/scratch
export TMPDIR=$scratch

# The scratch folder of this run: empty now, whatever an earlier run left.
fresh_scratch() {
    rm -rf "$scratch"
    mkdir -p "$scratch"
    printf 'started at %s as process %s\n' "$(date -u +%FT%TZ)" "$$"
}

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Who mounts something does it in a mount namespace of its own: the mounts end with the build, however it ends.
in_own_mounts() {
    if [ -z "${IFAAS_OWN_MOUNTS:-}" ]; then
        IFAAS_OWN_MOUNTS=1 exec unshare --mount --propagation private -- "$0"
    fi
}

# has_device_mapper: some kernels of container hosts don't.
has_device_mapper() {
    grep -q '\bdevice-mapper$' /proc/misc
}

# derived PURPOSE: 32 hexadecimal digits, the same for the same seed and purpose.
derived() {
    printf '%s/%s' "$IFAAS_SEED" "$1" | sha256sum | cut -c 1-32
}

# derived_uuid PURPOSE: the same as an RFC 9562 version 8 UUID.
derived_uuid() {
    derived "$1" | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/\1-\2-8\3-a\4-\5/'
}

# bios_only: a clear word instead of an image that does not start.
bios_only() {
    [ "${IFAAS_FIRMWARE:-bios}" = bios ] || fail "this builder makes images for BIOS; image.yaml says firmware: $IFAAS_FIRMWARE"
}

# lay_over TREE ROOT: puts the tree's files over the root's. Owner, modes and times come from here, not from the checkout.
lay_over() {
    (cd "$1" && find . \( -type f -o -type l \) -print0) | while IFS= read -r -d '' file; do
        mkdir -p "$2/${file%/*}"
        if [ -L "$1/$file" ]; then
            cp --no-dereference --remove-destination "$1/$file" "$2/$file"
        elif [ -x "$1/$file" ]; then
            install --mode=755 "$1/$file" "$2/$file"
        else
            install --mode=644 "$1/$file" "$2/$file"
        fi
    done
}

# package_list ADMINDIR: name, version, architecture and source of every package that is installed, also of those on hold.
package_list() {
    # shellcheck disable=SC2016 # dpkg-query fills these in
    dpkg-query --admindir="$1" --show \
        --showformat='${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\n' \
        | sed -n 's/^.i \t//p' | sort >"$IFAAS_PACKAGES.new"
    [ -s "$IFAAS_PACKAGES.new" ] || fail "no packages in $1"
    mv "$IFAAS_PACKAGES.new" "$IFAAS_PACKAGES"
}

# forget_times FOLDER RAW OFFSET: the ext file system at that byte was made from the folder; whatever it knows about when
# this folder was made becomes SOURCE_DATE_EPOCH. mke2fs takes change and access times over and has no option against it.
forget_times() {
    local stamp file field
    stamp=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S)
    (cd "$1" && find . -printf '/%P\n') | sort | while IFS= read -r file; do
        for field in ctime atime crtime; do
            printf 'sif "%s" %s %s\nsif "%s" %s_extra 0\n' "$file" "$field" "$stamp" "$file" "$field"
        done
    done >"$scratch/times"
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH debugfs -w -f "$scratch/times" "$2?offset=$3" >/dev/null 2>"$scratch/times.errors"
    if grep -v '^debugfs [0-9]' "$scratch/times.errors"; then
        fail "the times of these files could not be set: the image would not be the same each time"
    fi
}

# root_offset RAW: where its largest partition starts, in bytes.
root_offset() {
    sfdisk --dump "$1" | sed -n 's/.*start= *\([0-9]*\), *size= *\([0-9]*\).*/\2 \1/p' | sort -n \
        | awk 'END { if (!$2) exit 1; printf "%d\n", $2 * 512 }'
}

# package_list_of RAW OFFSET: the list, read from the ext file system at that byte of a raw disk, without mounting it.
package_list_of() {
    mkdir -p "$scratch/dpkg"
    debugfs -R "dump /var/lib/dpkg/status $scratch/dpkg/status" "$1?offset=$2" 2>&1
    package_list "$scratch/dpkg"
}

# to_qcow2 RAW: the image, in its place when it is whole. Without -W: the order of clusters is the same each time.
to_qcow2() {
    say "Compressing the image ($IFAAS_COMPRESSION)"
    qemu-img convert -c -m 4 -f raw -O qcow2 -o "compat=1.1,compression_type=$IFAAS_COMPRESSION" "$1" "$IFAAS_IMAGE.new"
    rm -f "$1"
    mv "$IFAAS_IMAGE.new" "$IFAAS_IMAGE"
    rm -rf "$scratch"
    ls -l "$IFAAS_IMAGE"
}
