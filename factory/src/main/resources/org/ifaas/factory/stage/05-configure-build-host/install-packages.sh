#!/bin/sh
# Installs the builder's packages on a Debian build host: install-packages.sh SOURCES_FILE PACKAGE...
# Nothing is fetched when all of them are there already. Exit code 75: the mirror failed, try again.
set -eu
sources=$1
shift
missing=
for package in "$@"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' -- "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || { echo "all packages are installed already"; exit 0; }
echo "to install:$missing"
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -o Dir::Etc::sourcelist=$sources -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 \
  -o Acquire::Retries=3 -o Acquire::Languages=none -o Dpkg::Use-Pty=0"
$apt -q update || exit 75
# shellcheck disable=SC2086 # a list of package names
$apt -q install -y --no-install-recommends --download-only -- $missing || exit 75
# shellcheck disable=SC2086
$apt -q install -y --no-install-recommends -- $missing
