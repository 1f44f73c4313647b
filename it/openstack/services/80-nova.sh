#!/bin/bash
# Nova: servers, by libvirt and QEMU; without KVM unless `up` was told to use it.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

api_connection=$(database nova_api)
connection=$(database nova)
cell0_connection=$(database nova_cell0)
mkdir -p /var/lib/nova/{instances,lock}
chmod 755 /var/lib/nova /var/lib/nova/instances
cat >/etc/nova/nova.conf <<CONF
[DEFAULT]
host = openstack
my_ip = 127.0.0.1
transport_url = $BROKER
state_path = /var/lib/nova
instances_path = /var/lib/nova/instances
rootwrap_config = /etc/nova/rootwrap.conf
enabled_apis = osapi_compute
osapi_compute_listen = 127.0.0.1
osapi_compute_listen_port = ${PORT[nova]}
osapi_compute_workers = 1
compute_driver = libvirt.LibvirtDriver
force_config_drive = true
cpu_allocation_ratio = 16
ram_allocation_ratio = 1.5
reserved_host_memory_mb = 512
vif_plugging_timeout = 120
sync_power_state_interval = 60
running_deleted_instance_poll_interval = 60
[api_database]
connection = $api_connection
[database]
connection = $connection
$(token_check nova)
[placement]
$(credentials placement)
[neutron]
$(credentials neutron)
service_metadata_proxy = false
[glance]
api_servers = http://127.0.0.1:${PORT[glance_one]}
region_name = RegionOne
[conductor]
workers = 1
[scheduler]
workers = 1
discover_hosts_in_cells_interval = 5
[libvirt]
virt_type = $VIRT
cpu_mode = none
images_type = qcow2
inject_partition = -2
[vnc]
enabled = false
[spice]
enabled = false
[oslo_concurrency]
lock_path = /var/lib/nova/lock
CONF
seed_nova() {
    nova-manage api_db sync
    nova-manage cell_v2 map_cell0 --database_connection "$cell0_connection"
    nova-manage db sync
    nova-manage cell_v2 create_cell --name cell1
}
once nova seed_nova
# Heartbeats of an earlier start would make its services look alive.
mariadb -e "UPDATE nova.services SET updated_at = '2001-01-01', last_seen_up = '2001-01-01'"
for service in api conductor scheduler; do
    start "nova-$service" "nova-$service" --log-file "$LOG/nova-$service.log"
done
await 120 answers "http://127.0.0.1:${PORT[placement]}/"
await 120 answers "http://127.0.0.1:${PORT[nova]}/"
start nova-compute nova-compute --log-file "$LOG/nova-compute.log"
mapped() {
    [[ $(mariadb -N nova_api -e 'SELECT COUNT(*) FROM host_mappings') == 1 ]]
}
await 120 mapped
