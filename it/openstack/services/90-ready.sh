#!/bin/bash
# Waits until everything is up, and makes what only an operator makes: the guests' network and the flavors.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

for region in one two; do
    await 60 answers "http://127.0.0.1:${PORT[glance_$region]}/"
done
OPENSTACK_ADMIN=$(secret admin) /usr/bin/python3 "${0%/*}/seed-cloud.py" "$KEYSTONE" "$RANGE"
