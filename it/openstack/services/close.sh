#!/bin/bash
# Ends what must not be cut off: guests' disks and the databases.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

for guest in $(virsh --quiet list --name); do
    virsh --quiet destroy "$guest"
done
# They would go on asking the database.
mariadb-admin shutdown
