#!/bin/bash
# Glance: images; one in each region, each with two file stores of its own.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

glance() { # NAME REGION PORT
    local folder=/var/lib/glance/$1 connection
    mkdir -p "/etc/glance/$1" "$folder"/{images,second,staging,tasks}
    connection=$(database "glance_$1")
    cat >"/etc/glance/$1/glance-api.conf" <<CONF
[DEFAULT]
bind_host = 127.0.0.1
bind_port = $3
workers = 1
log_file = $LOG/glance-$1.log
transport_url = fake:///
enabled_backends = file:file,second:file
enabled_import_methods = [glance-direct,web-download,copy-image]
worker_self_reference_url = http://127.0.0.1:$3
[glance_store]
default_backend = file
[file]
filesystem_store_datadir = $folder/images
[second]
filesystem_store_datadir = $folder/second
[os_glance_staging_store]
filesystem_store_datadir = $folder/staging
[os_glance_tasks_store]
filesystem_store_datadir = $folder/tasks
[database]
connection = $connection
$(token_check glance "$2")
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
CONF
    # web-download: from the machine's side of the wire only.
    cat >"/etc/glance/$1/glance-image-import.conf" <<CONF
[image_import_opts]
image_import_plugins = []
[import_filtering_opts]
allowed_schemes = [http,https]
allowed_hosts = [$RANGE.255.1]
allowed_ports = []
CONF
    once "glance-$1" glance-manage --config-file "/etc/glance/$1/glance-api.conf" db_sync
    start "glance-$1" glance-api --config-file "/etc/glance/$1/glance-api.conf" --config-file "/etc/glance/$1/glance-image-import.conf"
}

glance one RegionOne "${PORT[glance_one]}"
glance two RegionTwo "${PORT[glance_two]}"
