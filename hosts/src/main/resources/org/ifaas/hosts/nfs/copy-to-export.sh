#!/bin/sh
# Runs on a build host: mounts the host's own export, copies a file into it, and unmounts it.
# usage: copy-to-export.sh EXPORT PORT FILE
set -eu

# However it ends, the mount ends with it.
if [ -z "${IFAAS_OWN_MOUNTS:-}" ]; then
    IFAAS_OWN_MOUNTS=1 exec unshare --mount --propagation private -- "$0" "$@"
fi
export=$1
port=$2
file=$3
mount=${0%/*}/export

mkdir -p "$mount"
# Without "soft" the kernel goes on by itself when the server is away for a while; the factory ends it in time.
mount -t nfs -o "vers=4,port=$port,noatime" "$export" "$mount"
rm -rf -- "$mount/image" "$mount/image.part"
cp -- "$file" "$mount/image.part"
sync "$mount/image.part"
mv -- "$mount/image.part" "$mount/image"
umount "$mount"
echo "copied"
