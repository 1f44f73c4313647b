#!/bin/bash
# Takes a vendor's image. The description is one line as sha256sum and sha512sum print it, with an address in place of a file:
#   DIGEST  https://…/image.qcow2        or a path inside the definition's folder
# A qcow2 stays as it is, byte for byte; a raw disk, also one that is packed by xz, gzip or zstd, becomes one.
# shellcheck source=../common/lib.sh
. "${0%/*}/lib.sh"
fresh_scratch
[ -f "$IFAAS_DESCRIPTION" ] || fail "the description $IFAAS_DESCRIPTION is not a file: one line with a digest and an address"
rm -f "$IFAAS_IMAGE" "$IFAAS_PACKAGES"
vendors=$scratch/vendors

[ "$(grep -c . "$IFAAS_DESCRIPTION")" -eq 1 ] || fail "$IFAAS_DESCRIPTION has to be one line: a digest, two spaces, an address"
read -r digest address <"$IFAAS_DESCRIPTION" || [ -n "$address" ]
case $digest in
    *[!0-9a-f]*) fail "the digest in $IFAAS_DESCRIPTION is not in lower-case hexadecimal: $digest" ;;
esac
case ${#digest} in
    64) check=sha256sum ;;
    128) check=sha512sum ;;
    *) fail "the digest in $IFAAS_DESCRIPTION has ${#digest} digits: SHA-256 has 64, SHA-512 has 128" ;;
esac

say "Fetching $address"
case $address in
    https://* | http://*)
        curl --fail --silent --show-error --location --proto '=https,http' --retry 3 --output "$vendors" -- "$address" \
            || fail "$address can't be fetched"
        ;;
    *://* | /* | .. | ../* | */.. | */../* | '') fail "the address in $IFAAS_DESCRIPTION is neither https:// nor a path inside the definition's folder: $address" ;;
    *) cp -- "$IFAAS_DEFINITION/$address" "$vendors" ;;
esac
printf '%s  %s\n' "$digest" "$vendors" | "$check" --check --strict --status \
    || fail "what came from $address is not what the definition pins: its ${check%sum} is $("$check" <"$vendors" | cut -d ' ' -f 1)"
echo "its $check is the one that the definition pins"

# magic FILE: its first four bytes.
magic() {
    head -c 4 "$1" | od -An -tx1 | tr -d ' \n'
}

unpacked() {
    "$@" <"$vendors" >"$scratch/unpacked"
    mv "$scratch/unpacked" "$vendors"
}
case $(magic "$vendors") in
    fd377a58) unpacked xz --decompress --stdout ;;
    1f8b08*) unpacked gzip --decompress --stdout ;;
    28b52ffd) unpacked zstd --decompress --stdout ;;
esac

raw=$scratch/disk.raw
if [ "$(magic "$vendors")" = 514649fb ]; then
    qemu-img convert -f qcow2 -O raw "$vendors" "$raw"
else
    cp --reflink=auto -- "$vendors" "$raw"
fi
say "Reading the list of packages"
if ! offset=$(root_offset "$raw") || ! (package_list_of "$raw" "$offset"); then
    echo "there is no dpkg in its largest partition: the list of packages stays empty"
    : >"$IFAAS_PACKAGES"
fi

if [ "$(magic "$vendors")" = 514649fb ]; then
    mv -- "$vendors" "$IFAAS_IMAGE"
    rm -rf "$scratch"
else
    rm -f "$vendors"
    to_qcow2 "$raw"
fi
