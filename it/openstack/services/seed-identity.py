"""Regions, projects, users, the catalogue, and the clouds.yaml by which the factory and its publishers log in.

May run again: what is there stays, and what differs is changed.
usage: seed-identity.py FOLDER KEYSTONE API=PORT...
"""

import json
import os
import pathlib
import sys

import openstack

FOLDER, KEYSTONE = pathlib.Path(sys.argv[1]), sys.argv[2]
PORTS = dict(argument.split("=") for argument in sys.argv[3:])
REGIONS = ("RegionOne", "RegionTwo")


def secret(name):
    return os.environ["OPENSTACK_" + name]


def login(user, password, project):
    names = {"username": user, "password": password, "project_name": project}
    domains = {"user_domain_id": "default", "project_domain_id": "default"}
    return openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth={"auth_url": KEYSTONE, **names, **domains},
        region_name="RegionOne",
        # The catalogue is empty at first, and may name the ports of an earlier start.
        identity_endpoint_override=KEYSTONE,
        identity_api_version="3",
    ).identity


identity = login("admin", secret("ADMIN"), "admin")


def project(name):
    return identity.find_project(name, domain_id="default") or identity.create_project(name=name, domain_id="default")


def user(name, password, in_project, *roles):
    found = identity.find_user(name, domain_id="default") or identity.create_user(
        name=name, password=password, domain_id="default"
    )
    for role in roles:
        known = identity.find_role(role) or identity.create_role(name=role)
        identity.assign_project_role_to_user(in_project, found, known)
    return found


def endpoints(service_type, name, urls):
    """urls by region; a service without any leaves the catalogue."""
    service = next(identity.services(type=service_type), None) or identity.create_service(type=service_type, name=name)
    there = {(each.region_id, each.interface): each for each in identity.endpoints(service_id=service.id)}
    for region, url in urls.items():
        for interface in ("public", "internal", "admin"):
            endpoint = there.pop((region, interface), None)
            if endpoint is None:
                identity.create_endpoint(service_id=service.id, region_id=region, interface=interface, url=url)
            elif endpoint.url != url:
                identity.update_endpoint(endpoint, url=url)
    for endpoint in there.values():
        identity.delete_endpoint(endpoint)


def application_credential(name, password, in_project, role):
    """Made by the user itself, as Keystone wants it; the secret is ours, so that it is known at the next start, too."""
    own = login(name, password, in_project)
    me = own.session.get_user_id()
    found = next(own.application_credentials(me), None) or own.create_application_credential(
        me, name=name, secret=password, roles=[{"name": role}]
    )
    return found.id


for region in REGIONS:
    if region not in {known.id for known in identity.regions()}:
        identity.create_region(id=region)

services = project("service")
for name in ("glance", "placement", "neutron", "nova", "swift"):
    user(name, secret("SERVICES"), services, "admin", "service")
user("factory", secret("FACTORY"), project("imagefactory"), "member")
for region in REGIONS:
    user("publisher-" + region.lower(), secret("PUBLISHER"), project("publishers"), "admin")

at = {api: f"http://127.0.0.1:{port}" for api, port in PORTS.items()}
endpoints("identity", "keystone", dict.fromkeys(REGIONS, KEYSTONE))
endpoints("image", "glance", {"RegionOne": at["glance_one"], "RegionTwo": at["glance_two"]})
endpoints("placement", "placement", {"RegionOne": at["placement"]})
endpoints("network", "neutron", {"RegionOne": at["neutron"]})
endpoints("compute", "nova", {"RegionOne": at["nova"] + "/v2.1"})
endpoints("object-store", "swift", {"RegionOne": at["swift"] + "/v1/AUTH_%(tenant_id)s"} if "swift" in at else {})

clouds, secrets = {}, {}


def cloud(name, password, in_project, role, **regions):
    login_by = {"auth_url": KEYSTONE, "application_credential_id": application_credential(name, password, in_project, role)}
    clouds[name] = {"auth_type": "v3applicationcredential", "auth": login_by, "identity_api_version": "3", **regions}
    secrets[name] = {"auth": {"application_credential_secret": password}}


cloud("factory", secret("FACTORY"), "imagefactory", "member", regions=list(REGIONS))
for region in REGIONS:
    cloud("publisher-" + region.lower(), secret("PUBLISHER"), "publishers", "admin", region_name=region)


def write(name, text):
    file = FOLDER / name
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(text)


# JSON is YAML, too.
write("clouds.yaml", json.dumps({"clouds": clouds}, indent=2) + "\n")
write("secure.yaml", json.dumps({"clouds": secrets}, indent=2) + "\n")

(FOLDER / "s3.ini").unlink(missing_ok=True)
if "swift" in at:
    own = login("factory", secret("FACTORY"), "imagefactory")
    keys = f"/users/{own.session.get_user_id()}/credentials/OS-EC2"
    key = next(iter(own.get(keys).json()["credentials"]), None)
    if key is None:
        key = own.post(keys, json={"tenant_id": own.session.get_project_id()}).json()["credential"]
    write(
        "s3.ini",
        f"""[default]
aws_access_key_id = {key["access"]}
aws_secret_access_key = {key["secret"]}
endpoint_url = {at["swift"]}
region = RegionOne
""",
    )
