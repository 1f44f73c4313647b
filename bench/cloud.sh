# shellcheck shell=bash
# shellcheck disable=SC2154 # folder and PRODUCT are those of bench/common.sh
# What benches on the real OpenStack of it/openstack share; it is started when it does not run. Sourced after bench/common.sh.
((EUID == 0)) || { echo 'bench: the cloud needs root' >&2; exit 3; }
need_programs curl:curl
CLOUD=target/openstack

# the_cloud MIB CLASS: sets token, catalogue, file and classpath, and compiles bench/*/CLASS.java.
the_cloud() {
    [[ -e $CLOUD/run/ready ]] || started=true
    it/openstack/up >/dev/null
    need_product
    classpath="$folder/classes:$PRODUCT/lib/server/*"
    mkdir "$folder/classes"
    "$JDK/bin/javac" -cp "$classpath" -d "$folder/classes" bench/*/"$2.java"
    file=$folder/image.qcow2
    head -c "${1}M" /dev/urandom >"$file"
    token=$(openstack RegionOne token issue --format value --column id)
    # It has all regions, in any order.
    catalogue=$(openstack RegionOne catalog show image --format json | tr -d '\n ' | sed 's/{/\n&/g')
    # Read once by all.
    cat "$file" >/dev/null
}
# shellcheck disable=SC2329 # by clean_up
clean_up_too() {
    [[ -z ${started:-} ]] || it/openstack/down >/dev/null
}

# openstack REGION ARGUMENT…
openstack() { it/openstack/in openstack --os-cloud factory --os-region-name "$@"; }

# wall COMMAND…: the seconds that it takes.
wall() { { time "$@" >/dev/null; } 2>&1 | cut -d' ' -f1; }

# by_curl REGION: the seconds of `curl -T`, the bytes alone.
by_curl() {
    local id glance
    glance=$(sed -n "/\"region\":\"$1\"/s/.*\"url\":\"\([^\"]*\)\".*/\1/p" <<<"$catalogue" | head -n 1)
    id=$(</proc/sys/kernel/random/uuid)
    curl --silent --fail --output /dev/null --header "X-Auth-Token: $token" --header 'Content-Type: application/json' "$glance/v2/images" \
        --data "{\"id\": \"$id\", \"name\": \"bench-curl\", \"disk_format\": \"qcow2\", \"container_format\": \"bare\"}"
    wall curl --silent --fail --upload-file "$file" --header "X-Auth-Token: $token" \
        --header 'Content-Type: application/octet-stream' "$glance/v2/images/$id/file"
    openstack "$1" image delete "$id"
}

# by_openstack REGION: the seconds of `openstack image create`.
by_openstack() {
    wall openstack "$1" image create --container-format bare --disk-format qcow2 --file "/checkout/${file#"$ROOT"/}" bench-openstack
    openstack "$1" image delete bench-openstack
}

# row NAME SECONDS CURL
row() {
    awk -v name="$1" -v s="$2" -v curl="$3" 'BEGIN { printf "  %-48s %7.2f s  %5.2f of curl\n", name, s, s / curl }'
}
