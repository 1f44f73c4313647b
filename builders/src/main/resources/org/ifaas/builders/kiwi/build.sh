#!/bin/bash
# Builds an image with KIWI. The description is a folder with KIWI's own description, without repositories, and:
#   packages      further packages, one a line; # starts a comment
#   files.d/*/    trees that become the archive files.tar, in their order; config.xml may unpack it in the bootstrap
# The root has all updates: a post_bootstrap.sh of ours installs them before the definition's own one runs.
here=${0%/*}
# shellcheck source=../common/lib.sh
. "$here/lib.sh"
in_own_mounts
fresh_scratch
config=$IFAAS_DESCRIPTION/config.xml
[ -f "$config" ] || fail "the description $IFAAS_DESCRIPTION has no config.xml"
grep -q '<rpm-check-signatures>true</rpm-check-signatures>' "$config" ||
    fail "$config has to say <rpm-check-signatures>true</rpm-check-signatures>: KIWI would take unsigned packages"
grep -q '<size unit="M">[0-9]*</size>' "$config" ||
    fail "$config has to give the disk's size as <size unit=\"M\">…</size>; the factory puts the definition's disk_mib there"

# KIWI asks partx to add partitions that parted has added already, and a container has nobody to make their nodes.
real_partx=$scratch/partx
cp "$(command -v partx)" "$real_partx"
export IFAAS_PARTX=$real_partx
mount --bind "$here/partx.sh" "$(command -v partx)"

# KIWI shares this folder with the root, where it has the same name: one that no path of this build shows through.
mkdir -p /var/cache/kiwi "$scratch/cache"
mount --bind "$scratch/cache" /var/cache/kiwi

description=$scratch/description
cp -rL "$IFAAS_DESCRIPTION" "$description"
sed -i "s|<size unit=\"M\">[0-9]*</size>|<size unit=\"M\">$IFAAS_DISK_MIB</size>|" "$description/config.xml"
mkdir "$scratch/files"
for tree in "$IFAAS_DESCRIPTION"/files.d/*/; do
    if [ -d "$tree" ]; then lay_over "$tree" "$scratch/files"; fi
done
tar -C "$scratch/files" --owner=0 --group=0 -cf "$description/files.tar" .
[ ! -e "$description/post_bootstrap.sh" ] || mv "$description/post_bootstrap.sh" "$description/own_post_bootstrap.sh"
cp "$here/post_bootstrap.sh" "$description/post_bootstrap.sh"
if [ -e "$description/own_post_bootstrap.sh" ]; then
    sed '1{/^#!/d}' "$description/own_post_bootstrap.sh" >>"$description/post_bootstrap.sh"
fi

arguments=(--ignore-repos --signing-key "$IFAAS_KEYRING")
# KIWI bootstraps from the repository that it is told last: the release itself.
base=()
while read -r _ url suite components; do
    repository=(--add-repo "$url,apt-deb,$suite,,false,false,,$components,$suite,true")
    if [ "$suite" = "$IFAAS_CODENAME" ]; then base=("${repository[@]}"); else arguments+=("${repository[@]}"); fi
done <<<"$IFAAS_MIRROR"
arguments+=("${base[@]}")
if [ -f "$IFAAS_DESCRIPTION/packages" ]; then
    while read -r package; do
        arguments+=(--add-package "$package")
    done < <(sed 's/#.*//' "$IFAAS_DESCRIPTION/packages" | xargs -n 1)
fi

# KIWI makes its keyring with gpg, which wants a home and starts an agent there.
export GNUPGHOME=$scratch/gnupg
mkdir -m 700 "$GNUPGHOME"
trap 'gpgconf --kill all || :' EXIT

say "Building with KIWI"
# The root has no such folder.
env --unset=TMPDIR kiwi-ng --debug --shared-cache-dir /var/cache/kiwi --temp-dir "$scratch" \
    system build --description "$description" --target-dir "$scratch/target" "${arguments[@]}"
raw=$(echo "$scratch"/target/*.raw)
[ -f "$raw" ] || fail "KIWI left no raw disk: the type in config.xml must not name a format"
package_list_of "$raw" "$(root_offset "$raw")"
to_qcow2 "$raw"
