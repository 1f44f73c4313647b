#!/bin/sh
# Runs inside the network and mount namespaces of one machine: sets the walls, drops what could move them, becomes QEMU.
# usage: guest.sh PORTS PROGRAM ARGUMENT...
set -eu

ports=$1
shift
echo made >namespace
tries=0
until [ -s go ]; do
    tries=$((tries + 1))
    [ "$tries" -le 1200 ] || exit 1
    sleep 0.05
done

ip link set lo up
# 10.0.2.2 is the factory's loopback, 10.0.2.3 its name server. Link-local addresses are where clouds keep metadata.
ip rule add priority 10 to 10.0.2.3/32 ipproto udp dport 53 lookup main
ip rule add priority 11 to 10.0.2.3/32 ipproto tcp dport 53 lookup main
for port in $ports; do
    ip rule add priority 12 to 10.0.2.2/32 ipproto tcp dport "$port" lookup main
done
# Answers to what the factory asks on the forwarded port.
ip rule add priority 13 to 10.0.2.2/32 ipproto tcp sport 2222 lookup main
ip rule add priority 20 to 10.0.2.0/24 prohibit
ip rule add priority 21 to 169.254.0.0/16 prohibit
ip rule add priority 22 to 224.0.0.0/3 prohibit
if [ -e /etc/resolv.conf ]; then
    echo 'nameserver 10.0.2.3' >resolv.conf
    mount --bind resolv.conf /etc/resolv.conf
fi
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
