#!/bin/sh
# debian-slapd.sh FOLDER: unpacks this Debian's slapd into FOLDER/root without installing anything, and prints its root and the folder of
# those libraries that the machine has not installed.
set -eu
folder=$1
arch=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)

if [ ! -e "$folder/complete" ]; then
    mkdir -p "$folder/packages" "$folder/root"
    packages=slapd
    for library in $(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances slapd | sed -n 's/^\(lib[^ ]*\)$/\1/p' | sort -u); do
        case $library in
            libperl* | *-perl) continue ;;
        esac
        dpkg-query -W -f '${Status}' "$library" 2>/dev/null | grep -q '^install ok installed' && continue
        # Virtual packages and alternatives have no candidate of their own.
        [ -n "$(apt-cache policy "$library" | sed -n 's/^ *Candidate: \([0-9].*\)/\1/p')" ] || continue
        packages="$packages $library"
    done
    # shellcheck disable=SC2086 # a list of names
    (cd "$folder/packages" && apt-get download -qq -o APT::Sandbox::User=root $packages)
    for package in "$folder"/packages/*.deb; do
        dpkg -x "$package" "$folder/root"
    done
    rm -r "$folder/packages"
    touch "$folder/complete"
fi
echo "$folder/root"
echo "$folder/root/usr/lib/$arch"
