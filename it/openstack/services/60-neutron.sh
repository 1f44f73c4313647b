#!/bin/bash
# Neutron: one flat network by linuxbridge, addresses by DHCP, security groups by iptables.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

connection=$(database neutron)
mkdir -p /var/lib/neutron/lock
cat >/etc/neutron/neutron.conf <<CONF
[DEFAULT]
host = openstack
bind_host = 127.0.0.1
bind_port = ${PORT[neutron]}
core_plugin = ml2
service_plugins =
transport_url = $BROKER
auth_strategy = keystone
api_workers = 1
rpc_workers = 1
rpc_state_report_workers = 0
rpc_response_timeout = 15
state_path = /var/lib/neutron
notify_nova_on_port_status_changes = true
notify_nova_on_port_data_changes = true
dhcp_agents_per_network = 1
[database]
connection = $connection
$(token_check neutron)
[nova]
$(credentials nova)
[experimental]
linuxbridge = true
[oslo_concurrency]
lock_path = /var/lib/neutron/lock
[agent]
root_helper = sudo
report_interval = 10
[ml2]
type_drivers = flat,local
tenant_network_types = local
mechanism_drivers = linuxbridge
extension_drivers = port_security
[ml2_type_flat]
flat_networks = guests
[securitygroup]
enable_security_group = true
enable_ipset = false
firewall_driver = iptables
[linux_bridge]
physical_interface_mappings = guests:guests
[vxlan]
enable_vxlan = false
CONF
cat >/etc/neutron/dhcp_agent.ini <<CONF
[DEFAULT]
interface_driver = linuxbridge
dhcp_driver = neutron.agent.linux.dhcp.Dnsmasq
enable_isolated_metadata = false
resync_interval = 5
CONF
once neutron neutron-db-manage --config-file /etc/neutron/neutron.conf upgrade heads
# What an earlier start left would make its agents look alive.
mariadb -e "UPDATE neutron.agents SET heartbeat_timestamp = '2001-01-01'"
rm -f /var/lib/neutron/dhcp/*/pid
await 90 listening 5672
start neutron-server neutron-server --config-file /etc/neutron/neutron.conf --log-file "$LOG/neutron-server.log"
await 120 answers "http://127.0.0.1:${PORT[neutron]}/"
# Only now: what an agent asks before the server listens is lost, and it waits for the answer until its time is out.
start neutron-linuxbridge neutron-linuxbridge-agent --config-file /etc/neutron/neutron.conf --log-file "$LOG/neutron-linuxbridge.log"
start neutron-dhcp neutron-dhcp-agent --config-file /etc/neutron/neutron.conf --config-file /etc/neutron/dhcp_agent.ini \
    --log-file "$LOG/neutron-dhcp.log"
