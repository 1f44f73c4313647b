#!/bin/sh
# An nfs-ganesha in an isolated root, for a test; it runs in the network namespace that it is started in, until its standard input ends.
# usage: ganesha.sh ROOT FOLDER EXPORTER SUITE SOURCE...
#   ROOT      made where it is missing
#   FOLDER    below which hosts' folders are exported; at the same path inside
#   EXPORTER  the script that the product ships; inside it is /usr/local/sbin/ganesha-export
set -eu

root=$1 folder=$2 exporter=$3 suite=$4
if [ ! -x "$root/usr/bin/ganesha.nfsd" ]; then
    shift 4
    rm -rf --one-file-system -- "$root.part"
    mmdebstrap --quiet --mode=root --variant=essential --format=directory \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt=force-unsafe-io \
        --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
        --include=dbus,nfs-ganesha,nfs-ganesha-vfs "$suite" "$root.part" "$@" </dev/null
    mv "$root.part" "$root"
    set -- "$root" "$folder" "$exporter" "$suite"
fi
if [ -z "${IFAAS_OWN_NAMESPACES:-}" ]; then
    IFAAS_OWN_NAMESPACES=1 exec unshare --mount --propagation private --pid --fork --kill-child --mount-proc -- sh "$0" "$@"
fi

mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=755 lib var/lib/nfs
mount --bind /dev dev
mkdir -p "$root$folder" run/dbus run/ganesha run/ganesha-exports
mount --bind "$folder" "$root$folder"
install -m 755 "$exporter" usr/local/sbin/ganesha-export
mkdir -p var/lib/nfs/ganesha/v4recov
ln -sf /proc/self/mounts etc/mtab
cat >run/ganesha.conf <<'CONF'
NFS_KRB5 { Active_krb5 = false; }
NFS_CORE_PARAM { NFS_Port = 2049; Protocols = 4; NFS_Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; }
NFSV4 { RecoveryBackend = fs; Minor_Versions = 1, 2; Grace_Period = 5; Graceless = true; Allow_Numeric_Owners = true; Only_Numeric_Owners = true; }
LOG { Default_Log_Level = EVENT; }
CONF
chroot "$root" dbus-daemon --system --nofork --nopidfile &
until [ -S run/dbus/system_bus_socket ]; do
    sleep 0.1
done
chroot "$root" ganesha.nfsd -F -L /dev/stderr -f /run/ganesha.conf -p /run/ganesha.pid &
echo started
# The one who started it holds the other end.
cat >/dev/null
