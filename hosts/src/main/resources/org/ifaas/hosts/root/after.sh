#!/bin/sh
# Keeps the packages, and leaves nothing in the root that belongs to one machine or names a mirror.
set -eu
root=$1
for package in "$root"/var/cache/apt/archives/*.deb; do
  kept=$IFAAS_PACKAGE_CACHE/${package##*/}
  if [ -e "$package" ] && [ ! -e "$kept" ]; then
    { cp -l -- "$package" "$kept.$$" || cp -- "$package" "$kept.$$"; } 2>/dev/null || continue
    mv -f -- "$kept.$$" "$kept"
  fi
done
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/resolv.conf" "$root/etc/hostname" "$root/var/lib/dbus/machine-id"
: >"$root/etc/machine-id"
: >"$root/etc/apt/sources.list"
rm -f "$root"/etc/apt/sources.list.d/*
find "$root/var/lib/apt/lists" "$root/var/log" -type f -delete
