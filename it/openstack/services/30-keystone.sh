#!/bin/bash
# Keystone: who there is, and where everything is.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

connection=$(database keystone)
cat >/etc/keystone/keystone.conf <<CONF
[DEFAULT]
log_file = $LOG/keystone.log
[database]
connection = $connection
[cache]
enabled = true
backend = dogpile.cache.memcached
memcache_servers = 127.0.0.1:11211
[token]
provider = fernet
expiration = ${TOKEN_SECONDS:-14400}
CONF
seed_keystone() {
    keystone-manage fernet_setup --keystone-user root --keystone-group root
    keystone-manage credential_setup --keystone-user root --keystone-group root
    keystone-manage db_sync
    keystone-manage bootstrap --bootstrap-password "$(secret admin)" --bootstrap-region-id RegionOne
}
once keystone seed_keystone
wsgi keystone "${PORT[keystone]}" /usr/bin/keystone-wsgi-public
await 90 answers "$KEYSTONE"

# A hundred questions to Keystone: only at the first start, or when an API has another port than last time.
ports=()
for api in "${!PORT[@]}"; do
    ports+=("$api=${PORT[$api]}")
done
clouds=/var/lib/openstack/clouds
mkdir -p "$clouds"
if [[ $(cat "$clouds/ports" 2>/dev/null) != "${ports[*]}" ]]; then
    OPENSTACK_ADMIN=$(secret admin) OPENSTACK_SERVICES=$(secret services) OPENSTACK_FACTORY=$(secret factory) OPENSTACK_PUBLISHER=$(secret publisher) \
        /usr/bin/python3 "${0%/*}/seed-identity.py" "$clouds" "$KEYSTONE" "${ports[@]}"
    echo "${ports[*]}" >"$clouds/ports"
fi
cp -p "$clouds"/*.* /run/cloud/
