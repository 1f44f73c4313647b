#!/bin/bash
# A hook of mmdebstrap: the essential packages are installed, the others are about to be.
# shellcheck source=../common/lib.sh
. "${0%/*}/lib.sh"
root=$1
# Settings that packages look at while they are installed; the customers' package sources come last of all.
for tree in "$IFAAS_DESCRIPTION"/files.d/*/; do
    if [ -d "$tree" ]; then lay_over "$tree" "$root"; fi
done
rm -f "$root"/etc/apt/sources.list.d/*
# GRUB goes to the disk by our own hand, and whichever disk an instance has.
echo 'grub-pc grub-pc/install_devices_empty boolean true' | chroot "$root" debconf-set-selections
