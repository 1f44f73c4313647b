#!/bin/sh
# What the tiny guest promises; printed as TAP.
points=0
check() { # NAME COMMAND…
    points=$((points + 1))
    name=$1
    shift
    if found=$("$@" 2>&1); then
        printf 'ok %d - %s\n' "$points" "$name"
    else
        printf 'not ok %d - %s\n# %s\n' "$points" "$name" "$found"
    fi
}

locked() { ! grep -v -E '^[^:]+:[!*]' /etc/shadow; }
modified() { stat -c %Y "$1"; }
host_key_of_this_machine() { [ "$(modified /etc/dropbear/dropbear_ed25519_host_key)" -gt "$(modified /etc/os-release)" ]; }
one_key_from_the_seed() { [ "$(grep -c . /root/.ssh/authorized_keys)" -ge 1 ]; }
host_name_from_the_seed() { [ -z "${IFAAS_HOSTNAME:-}" ] || [ "$(hostname)" = "$IFAAS_HOSTNAME" ]; }
has_an_address() { ip -4 addr show scope global | grep 'inet '; }
has_a_default_route() { ip route | grep '^default '; }
has_a_name_server() { grep '^nameserver ' /etc/resolv.conf; }
root_is_ext4_and_writable() { grep -E '^[^ ]+ / ext4 rw' /proc/mounts && : >/var/tmp/probe && rm /var/tmp/probe; }
# Busybox of Debian has no pgrep.
# shellcheck disable=SC2009
serial_login() { ps | grep '[g]etty.*ttyS0'; }
# shellcheck disable=SC2009
dropbear_takes_no_password() { ps | grep '[d]ropbear.* -s'; }

echo "TAP version 13"
check "no account has a password" locked
check "the SSH server takes no password" dropbear_takes_no_password
check "the host key was made on this machine" host_key_of_this_machine
check "the seed's key may log in" one_key_from_the_seed
check "the host name is the seed's" host_name_from_the_seed
check "the network gave an address" has_an_address
check "there is a default route" has_a_default_route
check "there is a name server" has_a_name_server
check "the root file system is ext4 and can be written" root_is_ext4_and_writable
check "the serial console has a login" serial_login
echo "1..$points"
