#!/bin/sh
# Nobody gets in but with a key: locked passwords, and an SSH server that takes none.
. "${0%/*}/lib.sh"

shadow=$root/etc/shadow
empty "root has no password" "$(sed -n 's/^\(root\):\([^!*:][^:]*\|\):.*/\1/p' "$shadow")"
empty "no account has a password" "$(sed -n '/^root:/d;s/^\([^:]*\):\([^!*:][^:]*\|\):.*/\1/p' "$shadow")"

if ! command -v sshd >/dev/null; then
    not_ok "the SSH server's configuration is valid" "there is no sshd in this image"
    finish
    exit 0
fi

settings="" problem=""
settings=$(sshd -T -C user=root,host=localhost,addr=127.0.0.1 2>&1) || problem=$settings
users=$(sshd -T -C "user=${IFAAS_USER:-nobody},host=localhost,addr=127.0.0.1" 2>&1) || problem=$users
empty "the SSH server's configuration is valid" "$problem"

setting() { # NAME KEY PATTERN: what it has for root and for the user
    found=$(printf '%s\n%s\n' "$settings" "$users" | grep -i "^$2 " || :)
    wrong=$(printf '%s\n' "$found" | grep -v -i -x "$2 \\($3\\)" || :)
    if [ -z "$found" ]; then not_ok "$1" "$2 is not known"; else empty "$1" "$wrong"; fi
}
setting "the SSH server takes no password" passwordauthentication no
setting "the SSH server asks nothing interactively" kbdinteractiveauthentication no
setting "the SSH server takes no empty password" permitemptypasswords no
setting "root cannot log in with a password" permitrootlogin 'no\|prohibit-password\|without-password\|forced-commands-only'
setting "the SSH server takes keys" pubkeyauthentication yes
setting "the SSH server trusts no host" hostbasedauthentication no
setting "the SSH server takes no user's environment" permituserenvironment no

open=
for key in "$root"/etc/ssh/ssh_host_*_key; do
    [ -f "$key" ] || continue
    mode=$(stat -c %a "$key")
    case $mode in *600 | *400 | *640) ;; *) open="$open${key#"$root"} has mode $mode " ;; esac
done
empty "private host keys are private" "$open"
finish
