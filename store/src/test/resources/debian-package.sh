#!/bin/sh
# debian-package.sh FOLDER PACKAGE: unpacks a package of this Debian into FOLDER/root without installing anything, and prints that
# root and the folder of those libraries that the machine has not installed. What a package of no content of its own stands for, such
# as postgresql for postgresql-15, is unpacked instead.
set -eu
folder=$1
package=$2
arch=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)

if [ ! -e "$folder/complete" ]; then
    mkdir -p "$folder/packages" "$folder/root"
    [ -n "$(apt-cache depends "$package" 2>/dev/null)" ] ||
        { echo "no package $package in this machine's package lists: run apt-get update" >&2; exit 1; }
    versioned=$(apt-cache depends "$package" | sed -n "s/^ *Depends: \\($package-[0-9]*\\)\$/\\1/p")
    package=${versioned:-$package}
    packages=$package
    for library in $(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances "$package" | sed -n 's/^\(lib[^ ]*\)$/\1/p' | sort -u); do
        case $library in
            libllvm* | libperl* | *-perl) continue ;;
        esac
        dpkg-query -W -f '${Status}' "$library" 2>/dev/null | grep -q '^install ok installed' && continue
        # Virtual packages and alternatives have no candidate of their own.
        [ -n "$(apt-cache policy "$library" | sed -n 's/^ *Candidate: \([0-9].*\)/\1/p')" ] || continue
        packages="$packages $library"
    done
    # shellcheck disable=SC2086 # a list of names
    (cd "$folder/packages" && apt-get download -qq -o APT::Sandbox::User=root $packages)
    for file in "$folder"/packages/*.deb; do
        dpkg -x "$file" "$folder/root"
    done
    rm -r "$folder/packages"
    touch "$folder/complete"
fi
echo "$folder/root"
echo "$folder/root/usr/lib/$arch"
