#!/bin/bash
# The network inside: the guests' wire, and what may pass from it.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

sysctl -qw net.ipv4.ip_forward=1
# Neutron puts "guests" into its bridge; at its other end is the guests' gateway.
ip link add gateway type veth peer name guests
ip address add "$RANGE.0.1/24" dev gateway
ip link set gateway up
ip link set guests up

# The machine may call its guests. A guest may not call the machine, nor the cloud's own services, but for iperf3's ports.
iptables -A FORWARD -i gateway -o uplink -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A FORWARD -i gateway -o uplink -p tcp --dport 5201:5299 -j ACCEPT
iptables -A FORWARD -i gateway -o uplink -j REJECT
iptables -A INPUT -i gateway -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -A INPUT -i gateway -p icmp -j ACCEPT
iptables -A INPUT -i gateway -j REJECT
iptables -t nat -A POSTROUTING -o way-out -j MASQUERADE
