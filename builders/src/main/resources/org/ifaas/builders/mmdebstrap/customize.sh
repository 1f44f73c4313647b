#!/bin/bash
# A hook of mmdebstrap: all packages are installed. Makes the root bootable, runs the definition's programs, and puts the
# customers' package sources where the build's were.
# shellcheck source=../common/lib.sh
. "${0%/*}/lib.sh"
root=$1

printf 'UUID=%s / ext4 errors=remount-ro 0 1\n' "$IFAAS_ROOT_UUID" >"$root/etc/fstab"

# update-grub asks grub-probe about the disk, which does not exist yet.
cat >"$root/tmp/grub-probe" <<PROBE
#!/bin/sh
for word; do
    case \$word in
        --target=device) echo /dev/vda1 ;;
        --target=disk) echo /dev/vda ;;
        --target=fs_uuid) echo $IFAAS_ROOT_UUID ;;
        --target=fs) echo ext2 ;;
        --target=partmap) echo msdos ;;
    esac
done
PROBE
chmod 755 "$root/tmp/grub-probe"
mv "$root/usr/sbin/grub-probe" "$root/tmp/grub-probe.real"
mv "$root/tmp/grub-probe" "$root/usr/sbin/grub-probe"
mkdir -p "$root/dev/disk/by-uuid" "$root/boot/grub/i386-pc"
: >"$root/dev/disk/by-uuid/$IFAAS_ROOT_UUID"
chroot "$root" update-grub
rm -r "$root/dev/disk"
mv "$root/tmp/grub-probe.real" "$root/usr/sbin/grub-probe"
cp "$root"/usr/lib/grub/i386-pc/*.mod "$root"/usr/lib/grub/i386-pc/*.lst "$root/boot/grub/i386-pc/"
# shellcheck disable=SC2016 # $root is GRUB's
printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\n' "$IFAAS_ROOT_UUID" >"$root/tmp/early.cfg"
chroot "$root" grub-mkimage -O i386-pc -o /boot/grub/core.img -c /tmp/early.cfg -p /boot/grub \
    biosdisk part_msdos ext2 search_fs_uuid normal
rm "$root/tmp/early.cfg"

for program in "$IFAAS_DESCRIPTION"/customize.d/*; do
    [ -e "$program" ] || continue
    cp -L "$program" "$root/tmp/customize"
    chmod 755 "$root/tmp/customize"
    chroot "$root" /tmp/customize
    rm -f "$root/tmp/customize"
done

rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* \
    "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
for tree in "$IFAAS_DESCRIPTION"/files.d/*/; do
    if [ -d "$tree" ]; then lay_over "$tree" "$root"; fi
done
rm -f "$root/var/lib/dbus/machine-id"
