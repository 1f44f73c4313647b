#!/bin/bash
# Builds a Debian image with mmdebstrap, without a loop device or a mount of its own. The same inputs give the same bytes.
# The description is a folder:
#   packages      names, one a line; # starts a comment
#   files.d/*/    trees that are laid over the root in their order
#   customize.d/* programs that run inside the root in their order, at the end
here=${0%/*}
# shellcheck source=../common/lib.sh
. "$here/lib.sh"
bios_only
fresh_scratch
[ -f "$IFAAS_DESCRIPTION/packages" ] || fail "the description $IFAAS_DESCRIPTION has no file 'packages'"

root=$scratch/root
raw=$scratch/disk.raw
IFAAS_ROOT_UUID=$(derived_uuid root)
export IFAAS_ROOT_UUID
printf '%s\n' "$IFAAS_MIRROR" >"$scratch/sources.list"
packages=$(sed 's/#.*//' "$IFAAS_DESCRIPTION/packages" | xargs | tr ' ' ',')

say "Installing packages"
mmdebstrap --mode=root --format=directory --variant=apt --architectures="$IFAAS_ARCH" --keyring="$IFAAS_KEYRING" \
    --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io --include="$packages" \
    --essential-hook="$here/before-packages.sh" --customize-hook="$here/customize.sh" \
    "$IFAAS_CODENAME" "$root" - <"$scratch/sources.list"
package_list "$root/var/lib/dpkg"

say "Making the disk"
truncate -s "${IFAAS_DISK_MIB}M" "$raw"
sfdisk --quiet "$raw" <<TABLE
label: dos
label-id: 0x$(derived disk | cut -c 1-8)
start=2048, type=83, bootable
TABLE
# GRUB: the boot sector, and its core between the partition table and the first partition.
mv "$root/boot/grub/core.img" "$scratch/core.img"
dd if="$root/usr/lib/grub/i386-pc/boot.img" of="$raw" bs=440 count=1 conv=notrunc status=none
dd if="$scratch/core.img" of="$raw" bs=512 seek=1 conv=notrunc status=none

# No time of this build stays in the image: first what the tree says, then what only the file system knows.
find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH
mke2fs -q -t ext4 -L root -U "$IFAAS_ROOT_UUID" -m 1 -O ^orphan_file,^metadata_csum_seed \
    -E "offset=1048576,hash_seed=$(derived_uuid hash),root_owner=0:0,lazy_itable_init=1,lazy_journal_init=1" \
    -d "$root" "$raw" "$((IFAAS_DISK_MIB - 1))M"
forget_times "$root" "$raw" 1048576
rm -rf "$root"
to_qcow2 "$raw"
