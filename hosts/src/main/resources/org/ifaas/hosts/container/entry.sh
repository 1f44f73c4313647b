#!/bin/sh
# What runs inside a container host: loop devices, which udev makes elsewhere, and the SSH server.
set -eu
mkdir -p /run/sshd
number=0
while [ "$number" -lt 64 ]; do
  [ -e "/dev/loop$number" ] || mknod -m 660 "/dev/loop$number" b 7 "$number"
  number=$((number + 1))
done
exec /usr/sbin/sshd -D -e -o HostKey=/etc/ssh/ssh_host_ed25519_key -o UsePAM=no -o UseDNS=no \
  -o PasswordAuthentication=no -o PermitRootLogin=prohibit-password -o ClientAliveInterval=15 \
  -o ClientAliveCountMax=20 -o MaxSessions=100 -o MaxStartups=100
