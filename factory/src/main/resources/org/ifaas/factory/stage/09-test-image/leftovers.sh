#!/bin/sh
# Nothing of the build is left: no identity, no keys, no history, no repositories.
. "${0%/*}/lib.sh"
boot=$(booted)

found="" old=""
for key in "$root"/etc/ssh/ssh_host_*_key; do
    [ -f "$key" ] || continue
    found=yes
    written_since "$boot" "$key" || old="$old${key#"$root"} "
done
[ -n "$found" ] || old="there is no host key at all"
empty "SSH host keys were made at the first boot" "$old"

# cloud-init removes keys that it finds before it makes new ones, and says so.
name="the image carried no SSH host keys"
removed=$(sed -n 's/.*Attempting to remove \(.*\/ssh_host_[^ ]*\).*/\1/p' "$root/var/log/cloud-init.log" 2>/dev/null || :)
if [ -n "$removed" ] && [ -e "$root/lib/systemd/system/sshd-keygen.service" ]; then
    skip "$name" "the image makes its own before cloud-init does"
else
    empty "$name" "$removed"
fi

id=$(cat "$root/etc/machine-id" 2>/dev/null) || id=
name="the machine id was made at the first boot"
case $id in
    '' | *[!0-9a-f]*) not_ok "$name" "/etc/machine-id has: $id" ;;
    *) if written_since "$boot" "$root/etc/machine-id"; then ok "$name"; else not_ok "$name" "the image carried $id"; fi ;;
esac
name="D-Bus has the same machine id"
if [ ! -f "$root/var/lib/dbus/machine-id" ] || [ -L "$root/var/lib/dbus/machine-id" ]; then
    ok "$name"
else
    equal "$name" "$id" "$(cat "$root/var/lib/dbus/machine-id")"
fi

homes=$(cut -d : -f 6 "$root/etc/passwd" | sort -u)
seed=${IFAAS_SEED_KEY:-}
strangers="" histories=""
for home in $homes; do
    home=$root${home%/}
    for file in "$home"/.ssh/authorized_keys*; do
        [ -f "$file" ] || continue
        lines=$(grep -v -e '^[[:space:]]*#' -e '^[[:space:]]*$' "$file" | grep -v -F -e " ${seed:-none at all}" || :)
        [ -z "$lines" ] || strangers="$strangers${file#"$root"}: $lines
"
    done
    for file in "$home"/.*history "$home"/.lesshst "$home"/.viminfo "$home"/.wget-hsts; do
        [ ! -s "$file" ] || histories="$histories${file#"$root"} "
    done
done
empty "no authorized key but the seed's" "$strangers"
empty "no shell history" "$histories"

sources=$(cat "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*.list \
    "$root"/etc/apt/sources.list.d/*.sources 2>/dev/null || :)
empty "apt has no source that only a build has" "$(printf '%s\n' "$sources" | grep -v '^[[:space:]]*#' | grep -i -E \
    '(file|copy|cdrom):|trusted *[=:] *yes|allow-insecure *[=:] *yes|//(localhost|127\.|10\.0\.2\.)' || :)"
empty "apt has no proxy" "$(grep -r -i -E '^[^#/]*acquire.*proxy' "$root/etc/apt" 2>/dev/null | grep -v -i direct || :)"

lists=
for file in "$root"/var/lib/apt/lists/*_*; do
    [ ! -f "$file" ] || written_since "$boot" "$file" || lists="$lists${file##*/} "
done
empty "no package lists of the build are left" "$lists"

# What a package ships and nobody has changed names nothing of this build.
shipped() { # FILE
    sum=$(grep -F " ${1#"$root"} " "$root/var/lib/dpkg/status" 2>/dev/null | head -n 1) || return 1
    sum=${sum##* /*" "}
    [ "$(md5sum <"$1" | cut -d ' ' -f 1)" = "$sum" ]
}

name="the build's mirror is named nowhere"
if [ -z "${IFAAS_MIRROR_HOSTS:-}" ]; then
    skip "$name" "${IFAAS_MIRROR_HOSTS_REASON:-the build had no mirror}"
else
    set --
    for host in $IFAAS_MIRROR_HOSTS; do set -- "$@" -e "$host"; done
    findings=$({
        # This machine's own journal began with this boot.
        grep -r -l -F ${id:+"--exclude-dir=$id"} "$@" "$root/etc" "$root/var/log" "$root/var/lib/apt/lists" 2>/dev/null || :
        find "$root/var/lib/apt/lists" -type f 2>/dev/null | grep -F "$@" || :
    } | sort -u | while read -r file; do
        case ${file#"$root"} in
            /var/log/*) born_since "$boot" "$file" || echo "${file#"$root"}" ;;
            *) written_since "$boot" "$file" || shipped "$file" || echo "${file#"$root"}" ;;
        esac
    done)
    empty "$name" "$findings"
fi
finish
