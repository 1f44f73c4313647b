#!/bin/sh
# Packages that were fetched before need not be fetched again. apt checks their digests all the same.
set -eu
archives=$1/var/cache/apt/archives
mkdir -p "$archives"
for package in "$IFAAS_PACKAGE_CACHE"/*.deb; do
  [ -e "$package" ] || continue
  cp -l -- "$package" "$archives/" 2>/dev/null || cp -- "$package" "$archives/" 2>/dev/null || :
done
