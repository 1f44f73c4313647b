#!/bin/bash
# Swift, only where it is asked for: one proxy, one replica, Keystone's tokens, and S3 by s3api.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

data=/var/lib/swift
mkdir -p "$data/node/disk" "$data/cache"
cat >/etc/swift/swift.conf <<CONF
[swift-hash]
swift_hash_path_prefix = $(secret swift-prefix)
swift_hash_path_suffix = $(secret swift-suffix)
[storage-policy:0]
name = one
default = yes
CONF

storage() { # SERVER PORT [LINE…]
    local server=$1 port=$2
    shift 2
    cat >"/etc/swift/$server-server.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
user = root
swift_dir = /etc/swift
devices = $data/node
mount_check = false
workers = 0
fallocate_reserve = 0
log_name = $server
log_address = /run/no-syslog
[pipeline:main]
pipeline = $server-server
[app:$server-server]
use = egg:swift#$server
recon_cache_path = $data/cache
$(printf '%s\n' "$@")
CONF
    once "swift-$server" ring "$server" "$port"
    start "swift-$server" "swift-$server-server" "/etc/swift/$server-server.conf" -v
}
ring() { # SERVER PORT
    local builder=/etc/swift/$1.builder
    rm -f "$builder"
    swift-ring-builder "$builder" create 4 1 1
    swift-ring-builder "$builder" add --region 1 --zone 1 --ip 127.0.0.1 --port "$2" --device disk --weight 1
    swift-ring-builder "$builder" rebalance
}
storage account 6202
storage container 6201 '[container-updater]' 'interval = 5' 'slowdown = 0'
storage object 6200

cat >/etc/swift/proxy-server.conf <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${PORT[swift]}
user = root
swift_dir = /etc/swift
workers = 0
log_address = /run/no-syslog
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk tempurl authtoken s3api s3token keystoneauth copy slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:11211
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:tempurl]
use = egg:swift#tempurl
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = $KEYSTONE
memcached_servers = 127.0.0.1:11211
$(credentials swift)
delay_auth_decision = true
service_token_roles_required = true
[filter:s3api]
use = egg:swift#s3api
location = RegionOne
s3_acl = false
check_bucket_owner = false
[filter:s3token]
use = egg:swift#s3token
auth_uri = $KEYSTONE
$(credentials swift)
delay_auth_decision = false
secret_cache_duration = 60
reseller_prefix = AUTH_
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member
reseller_admin_role = ResellerAdmin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
CONF
start swift-proxy swift-proxy-server /etc/swift/proxy-server.conf -v
await 30 curl --silent --fail "http://127.0.0.1:${PORT[swift]}/healthcheck"
