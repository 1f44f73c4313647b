#!/bin/bash
# memcached: tokens that were checked need not be checked again.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

start memcached memcached -u memcache -l 127.0.0.1 -p 11211 -m 64
await 10 listening 11211
