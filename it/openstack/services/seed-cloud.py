"""The guests' network and the flavors; then waits until the cloud can start a guest. May run again.

usage: seed-cloud.py KEYSTONE RANGE
"""

import os
import pathlib
import sys
import time

import openstack

KEYSTONE, RANGE = sys.argv[1:]
DEADLINE = time.monotonic() + 120
# name: vCPUs, MiB of memory, GiB of disk
FLAVORS = {"tiny": (1, 128, 1), "small": (1, 768, 4), "build": (2, 2048, 10)}

cloud = openstack.connect(
    load_yaml_config=False,
    load_envvars=False,
    auth={
        "auth_url": KEYSTONE,
        "username": "admin",
        "password": os.environ["OPENSTACK_ADMIN"],
        "project_name": "admin",
        "user_domain_id": "default",
        "project_domain_id": "default",
    },
    region_name="RegionOne",
)

network = cloud.network.find_network("guests") or cloud.network.create_network(
    name="guests", is_shared=True, provider_network_type="flat", provider_physical_network="guests"
)
if not cloud.network.find_subnet("guests"):
    cloud.network.create_subnet(
        name="guests",
        network_id=network.id,
        ip_version=4,
        cidr=f"{RANGE}.0.0/24",
        gateway_ip=f"{RANGE}.0.1",
        allocation_pools=[{"start": f"{RANGE}.0.10", "end": f"{RANGE}.0.250"}],
        # the resolver of slirp4netns
        dns_nameservers=["10.0.2.3"],
    )
for name, (vcpus, ram, disk) in FLAVORS.items():
    if not cloud.compute.find_flavor(name):
        cloud.compute.create_flavor(name=name, vcpus=vcpus, ram=ram, disk=disk)


# Neutron's agent writes it when it has started dnsmasq.
DNSMASQ = pathlib.Path(f"/var/lib/neutron/dhcp/{network.id}/pid")


def missing():
    """What does not live yet; None when the cloud can start a guest."""
    agents = {agent.binary: agent.is_alive for agent in cloud.network.agents()}
    for binary in ("neutron-linuxbridge-agent", "neutron-dhcp-agent"):
        if not agents.get(binary):
            return binary
    services = {service.binary: service.state for service in cloud.compute.services()}
    for binary in ("nova-conductor", "nova-scheduler", "nova-compute"):
        if services.get(binary) != "up":
            return binary
    return None if DNSMASQ.exists() else "the guests' DHCP server"


while waits_for := missing():
    if time.monotonic() > DEADLINE:
        sys.exit(f"not within its time: {waits_for}")
    time.sleep(1)
