#!/bin/sh
# Called by mmdebstrap, as the root of its namespace.
# usage: boot-root-hook.sh essential|customize ROOT
set -eu

root=$2
made=$(dirname "$(dirname "$root")")/made

# The machine is always the same: an initrd with its disk and file system is enough, and boots faster.
essential() {
    mkdir -p "$root/etc/initramfs-tools/conf.d"
    printf 'MODULES=list\nCOMPRESS=zstd\n' >"$root/etc/initramfs-tools/conf.d/ifaas"
    printf 'virtio_pci\nvirtio_blk\next4\ncrc32c_generic\n' >"$root/etc/initramfs-tools/modules"
}

customize() {
    cat >"$root/etc/cloud/cloud.cfg.d/95-ifaas.cfg" <<'CLOUD'
datasource_list: [NoCloud]
network: {config: disabled}
disable_root: false
cloud_init_modules: [resizefs, set_hostname, update_etc_hosts, users-groups, ssh]
cloud_config_modules: []
cloud_final_modules: []
CLOUD
    cat >"$root/etc/systemd/network/10-ifaas.network" <<'NETWORK'
[Match]
Driver=virtio_net
[Network]
Address=10.0.3.15/24
Gateway=10.0.3.2
IPv6AcceptRA=no
LinkLocalAddressing=no
NETWORK
    chroot "$root" systemctl enable systemd-networkd
    chroot "$root" systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
        e2scrub_reap.service fstrim.timer systemd-networkd-wait-online.service
    # They have no module to run, and Python takes its time to start where nothing but TCG is to be had.
    chroot "$root" systemctl mask cloud-config.service cloud-final.service
    echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
    rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root"/*.old
    : >"$root/etc/machine-id"
    echo 'nameserver 10.0.3.3' >"$root/etc/resolv.conf"
    echo localhost >"$root/etc/hostname"

    cp -L "$root/vmlinuz" "$made/kernel"
    cp -L "$root/initrd.img" "$made/initrd"
    # A second view of the root alone, without /proc, /sys and /dev that are mounted in it.
    mount --bind "$root" "$root/mnt"
    size=$(du -smx "$root/mnt" | cut -f1)
    # Room for many inodes: the file system grows on the host, and inodes come with the blocks.
    mke2fs -q -t ext4 -L root -E lazy_itable_init=1 -m 0 -d "$root/mnt" "$made/disk.raw" "$((size + size / 4 + 256))M"
    umount "$root/mnt"
    chmod 644 "$made/kernel" "$made/initrd" "$made/disk.raw"
}

"$1"
