#!/bin/sh
# First process of a host's process namespace, in the host's folder.
# Reads given/: name, lower, port, entry.sh, host-key, host-key.pub, authorized-keys, sources.list and perhaps cache.
# Writes init (this process as the machine sees it) and device (the device number of the host's files), for destruction.
set -eu
# /proc is the machine's until it is mounted anew.
read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/stat
echo "$pid $start" >init.new
mv init.new init
name=$(cat given/name)
[ -e /dev/loop-control ] || modprobe loop || :

# systemd-nspawn keeps its locks in /run and would find another's there; a resolv.conf that points into /run stays.
resolver=$(readlink -f /etc/resolv.conf || :)
cat /etc/resolv.conf >given/resolv.conf 2>/dev/null || :
mount -t proc proc /proc
mount -t tmpfs -o mode=755 run /run
case $resolver in
  /run/*)
    mkdir -p "${resolver%/*}"
    cp given/resolv.conf "$resolver"
    ;;
esac

# Under plain names: overlay and systemd-nspawn read commas, colons and backslashes in a path as their own.
mkdir /run/lower
mount --bind "$(cat given/lower)" /run/lower
mount -t overlay -o lowerdir=/run/lower,upperdir=disk/upper,workdir=disk/work,xino=off overlay root
: >root/.device
stat -c '%Hd:%Ld' root/.device >device.new
mv device.new device
rm root/.device

install -m 755 given/entry.sh root/usr/local/sbin/ifaas-host
install -m 600 given/host-key root/etc/ssh/ssh_host_ed25519_key
install -m 644 given/host-key.pub root/etc/ssh/ssh_host_ed25519_key.pub
mkdir -p root/root/.ssh
chmod 700 root/root/.ssh
install -m 600 given/authorized-keys root/root/.ssh/authorized_keys
install -m 644 given/sources.list root/etc/apt/sources.list
echo "$name" >root/etc/hostname
# Tools that ask for the host's own name must find it: sudo's complaint ends up in what they parse.
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >root/etc/hosts
echo 'nameserver 10.0.2.3' >root/etc/resolv.conf
# Packages that are installed later start no services.
printf '#!/bin/sh\nexit 101\n' >root/usr/sbin/policy-rc.d
chmod 755 root/usr/sbin/policy-rc.d

# The way out: user-mode networking needs neither forwarding nor NAT on the machine, and does not reach its loopback.
: >network
unshare --net="$PWD/network" ip link set lo up
mkfifo slirp-ready
{
  slirp4netns --configure --mtu=65520 --disable-host-loopback --enable-sandbox --netns-type=path --ready-fd=3 \
    "$PWD/network" tap0 3>slirp-ready || :
  echo "slirp4netns has ended, and the host with it" >&2
  kill -KILL -1
} &
# One character says that it is ready; none, that it has failed.
[ "$(head -c 1 slirp-ready)" = 1 ]

# The way in: a socket of the machine's loopback, served from inside the host's network; faster than slirp4netns.
{
  systemd-socket-activate -l "127.0.0.1:$(cat given/port)" \
    nsenter --net="$PWD/network" -- /lib/systemd/systemd-socket-proxyd 127.0.0.1:22 || :
  echo "the way in has ended, and the host with it" >&2
  kill -KILL -1
} &

set --
if [ -e given/cache ]; then
  mkdir /run/cache
  mount --bind "$(cat given/cache)" /run/cache
  set -- --bind=/run/cache:/var/cache/ifaas
fi
status=0
# /tmp is on the disk: what builders put there would not fit into memory.
SYSTEMD_NSPAWN_TMPFS_TMP=0 systemd-nspawn --quiet --directory=root "--machine=$name" --register=no --keep-unit \
  "--network-namespace-path=$PWD/network" --resolv-conf=off --link-journal=no --timezone=off --console=pipe --as-pid2 \
  --bind=/dev/loop-control "$@" /bin/sh /usr/local/sbin/ifaas-host </dev/null || status=$?
echo "systemd-nspawn ended with $status" >&2
exit "$status"
