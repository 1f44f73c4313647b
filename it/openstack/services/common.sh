# shellcheck shell=bash
# What the services' scripts share. They run inside, as root, one after the other, and are sourced from nowhere else.
# shellcheck disable=SC2034 # for who sources it
set -euo pipefail
umask 022
declare -A PORT
# RANGE, VIRT and PORT, as `up` has chosen them.
# shellcheck source=/dev/null
. /run/cloud/settings
LOG=/var/log/openstack
KEYSTONE=http://127.0.0.1:${PORT[keystone]}/v3
BROKER=rabbit://guest:guest@127.0.0.1:5672/
declare -A started=()

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# start NAME COMMAND…: a daemon; what it says is in NAME.log, and how it is started again in /run/services.
start() {
    local name=$1
    shift
    mkdir -p /run/services
    printf '%q ' "$@" >"/run/services/$name.command"
    setsid "$@" </dev/null >>"$LOG/$name.log" 2>&1 &
    started[$name]=$!
    echo $! >"/run/services/$name.pid"
}

# await SECONDS COMMAND…: until it succeeds, while all live that this script has started.
await() {
    local deadline=$((SECONDS + $1)) name
    shift
    until "$@" >/dev/null 2>&1; do
        for name in "${!started[@]}"; do
            kill -0 "${started[$name]}" 2>/dev/null || fail "$name has ended: $(tail -n 5 "$LOG/$name.log")"
        done
        ((SECONDS < deadline)) || fail "not within its time: $*"
        sleep 0.2
    done
}

# answers URL: whatever its status is.
answers() {
    curl --silent --output /dev/null --max-time 5 "$1"
}

listening() {
    [[ -n $(ss -Hltn "sport = :$1") ]]
}

# once NAME COMMAND…: not again as long as the state is kept.
once() {
    local done=/var/lib/openstack/once/$1
    shift
    [[ ! -e $done ]] || return 0
    "$@"
    mkdir -p "${done%/*}"
    : >"$done"
}

# secret NAME: a password, made at its first use.
secret() {
    local file=/var/lib/openstack/secrets/$1
    if [[ ! -s $file ]]; then
        (umask 077 && mkdir -p "${file%/*}" && head -c 24 /dev/urandom | base64 | tr -d '/+=\n' >"$file")
    fi
    cat "$file"
}

# database NAME: its URL; makes it if need be.
database() {
    mariadb -e "CREATE DATABASE IF NOT EXISTS $1 CHARACTER SET utf8mb3"
    echo "mysql+pymysql://openstack:$(secret database)@127.0.0.1/$1?charset=utf8"
}

# credentials USER [REGION]: the options by which a service logs in.
credentials() {
    cat <<CONF
auth_type = password
auth_url = $KEYSTONE
username = $1
password = $(secret services)
user_domain_id = default
project_name = service
project_domain_id = default
region_name = ${2:-RegionOne}
CONF
}

# token_check USER [REGION]: the section by which an API checks the tokens that it is given.
token_check() {
    printf '[keystone_authtoken]\nwww_authenticate_uri = %s\nmemcached_servers = 127.0.0.1:11211\n' "$KEYSTONE"
    credentials "$@"
}

# wsgi NAME PORT FILE: clients that keep connections would meet resets on POST, so they are told not to.
wsgi() {
    start "$1" uwsgi_python3 --master --http-socket "127.0.0.1:$2" --wsgi-file "$3" --threads 8 --enable-threads \
        --lazy-apps --add-header 'Connection: close' --buffer-size 65535 --die-on-term --no-orphans
}
