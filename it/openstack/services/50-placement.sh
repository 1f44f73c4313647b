#!/bin/bash
# Placement: what each compute host has left.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

connection=$(database placement)
cat >/etc/placement/placement.conf <<CONF
[DEFAULT]
log_file = $LOG/placement.log
[api]
auth_strategy = keystone
[placement_database]
connection = $connection
sync_on_startup = true
$(token_check placement)
CONF
wsgi placement "${PORT[placement]}" /usr/bin/placement-api
