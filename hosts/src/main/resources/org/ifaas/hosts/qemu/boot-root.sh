#!/bin/sh
# Makes the root of a build host: disk.qcow2, kernel and initrd in the folder OUT. Needs no root: a user's own sub-ids do.
# usage: boot-root.sh OUT WORK SUITE PACKAGES SOURCE...
#   WORK      an empty folder of ours that everybody may pass through, where the root is unpacked
#   PACKAGES  separated by commas
#   SOURCE    a line of sources.list
set -eu

# Mounts and processes of the making end with it, however it ends.
if [ "$(id -u)" -eq 0 ] && [ -z "${IFAAS_OWN_NAMESPACES:-}" ]; then
    IFAAS_OWN_NAMESPACES=1 exec unshare --pid --fork --kill-child --mount-proc -- sh "$0" "$@"
fi

out=$1 work=$2 suite=$3 packages=$4
shift 4

mkdir -m 711 "$work/tmp" "$work/made"
if [ "$(id -u)" -ne 0 ]; then
    # What mmdebstrap runs as root inside is the first of our sub-ids out here.
    unshare --map-root-user --map-auto --setuid 0 --setgid 0 -- chown 1:1 "$work/made"
fi
cp boot-root-hook.sh "$work/hook.sh"
chmod 644 "$work/hook.sh"

# shellcheck disable=SC2016 # hooks are expanded by mmdebstrap's shell
TMPDIR="$work/tmp" mmdebstrap --quiet --mode=auto --variant=apt --format=null \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt=force-unsafe-io \
    --aptopt='Acquire::Languages "none"' \
    --include="$packages" \
    --essential-hook='sh "$(dirname "$(dirname "$1")")/hook.sh" essential "$1"' \
    --customize-hook='sh "$(dirname "$(dirname "$1")")/hook.sh" customize "$1"' \
    "$suite" /dev/null "$@"

cp "$work/made/kernel" "$work/made/initrd" "$out/"
qemu-img convert -f raw -O qcow2 -c -o compression_type=zstd "$work/made/disk.raw" "$out/disk.qcow2"
chmod 400 "$out/kernel" "$out/initrd" "$out/disk.qcow2"
