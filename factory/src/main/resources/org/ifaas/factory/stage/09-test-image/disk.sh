#!/bin/sh
# The root file system has grown to the instance's disk and can be written.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2046 # two numbers: the block size and how many
set -- $(stat -f -c '%S %b' "$root/")
size=$(($1 * $2))
name="the root file system is larger than the image"
if [ -z "${IFAAS_IMAGE_VIRTUAL_BYTES:-}" ]; then
    skip "$name" "the image's size is not known"
elif [ "$size" -gt "$IFAAS_IMAGE_VIRTUAL_BYTES" ]; then
    ok "$name"
else
    not_ok "$name" "file system: $size bytes, image: $IFAAS_IMAGE_VIRTUAL_BYTES bytes"
fi

# A file system keeps some of the disk for itself, and there may be boot partitions.
name="the root file system fills the disk"
if [ -z "${IFAAS_DISK_BYTES:-}" ]; then
    skip "$name" "the disk's size is not known"
elif [ "$size" -ge $((IFAAS_DISK_BYTES * 80 / 100)) ]; then
    ok "$name"
else
    not_ok "$name" "file system: $size bytes, disk: $IFAAS_DISK_BYTES bytes"
fi

name="the root file system can be written"
if probe=$(mktemp "$root/root/.ifaas.XXXXXX" 2>&1); then
    rm -f "$probe"
    ok "$name"
else
    not_ok "$name" "$probe"
fi
finish
