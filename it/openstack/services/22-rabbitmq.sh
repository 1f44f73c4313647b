#!/bin/bash
# RabbitMQ: how the parts of Nova and Neutron call each other. It keeps nothing: each start begins with no queues.
# shellcheck source=it/openstack/services/common.sh
. "${0%/*}/common.sh"

mkdir -p /run/rabbitmq
export HOME=/run/rabbitmq ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_MNESIA_BASE=/run/rabbitmq RABBITMQ_LOG_BASE=$LOG
export RABBITMQ_ENABLED_PLUGINS_FILE=/run/rabbitmq/plugins RABBITMQ_CONF_ENV_FILE=/dev/null
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none'
# It is awaited by who needs it first: Neutron.
start rabbitmq /usr/lib/rabbitmq/bin/rabbitmq-server
