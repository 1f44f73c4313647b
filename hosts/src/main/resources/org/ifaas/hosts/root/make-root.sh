#!/bin/sh
# Makes one root file system, under a temporary name, and moves it to its place when it is whole.
# usage: make-root.sh TARGET FORMAT CACHE SUITE PACKAGES SOURCE...      FORMAT is directory or tar
# The caller holds the lock of TARGET for us (flock), so that two never make the same one, and none is made twice.
set -eu
target=$1
format=$2
cache=$3
suite=$4
packages=$5
shift 5
[ ! -e "$target" ] || exit 0
here=$(dirname -- "$0")
parent=$(dirname -- "$target")
making=$parent/.making-$(basename -- "$target")
rm -rf --one-file-system -- "$making"
mkdir -p -- "$making" "$cache"
trap 'rm -rf --one-file-system -- "$making"' EXIT
trap 'exit 143' TERM INT
mode=root own='unshare --pid --fork --kill-child --mount-proc --'
[ "$(id -u)" -eq 0 ] || mode=unshare own=
export TMPDIR="$making" IFAAS_PACKAGE_CACHE="$cache"
# Its mounts and processes end with it, however it ends.
# shellcheck disable=SC2086 # words
$own mmdebstrap --mode="$mode" --variant=apt --format="$format" \
  --skip=essential/unlink \
  --include="$packages" \
  --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --aptopt='Acquire::Languages "none"' \
  --aptopt='Acquire::Retries "3"' \
  --setup-hook="$here/before.sh" \
  --customize-hook="$here/after.sh" \
  "$suite" "$making/root" "$@"
sync -f "$making/root"
mv -T -- "$making/root" "$target"
