#!/bin/bash
# Builds an image with diskimage-builder. The description is a folder:
#   elements.list  names of elements, one a line; # starts a comment
#   elements/      elements of the definition's own
# whatever else its elements want to find there, and in IFAAS_OPTION_… the definition's options.
here=${0%/*}
# shellcheck source=../common/lib.sh
. "$here/lib.sh"
in_own_mounts
bios_only
fresh_scratch
[ -f "$IFAAS_DESCRIPTION/elements.list" ] || fail "the description $IFAAS_DESCRIPTION has no file 'elements.list'"
mapfile -t elements < <(sed 's/#.*//' "$IFAAS_DESCRIPTION/elements.list" | xargs -n 1)
[ "${#elements[@]}" -gt 0 ] || fail "$IFAAS_DESCRIPTION/elements.list names no element"

# kpartx works through the kernel's device mapper. Where there is none, the kernel's own partitions do as well.
if ! has_device_mapper; then
    say "The kernel has no device mapper: partitions come from the loop driver"
    for tool in kpartx dmsetup; do
        mount --bind "$here/$tool-without-device-mapper.sh" "$(command -v "$tool")"
    done
fi

export ELEMENTS_PATH=$IFAAS_DESCRIPTION/elements DIB_RELEASE=$IFAAS_CODENAME ARCH=$IFAAS_ARCH
export DIB_PYTHON_EXEC=/usr/bin/python3 DIB_IMAGE_CACHE=$scratch/cache TMP_DIR=$scratch DIB_APT_LOCAL_CACHE=0
export DIB_DEBUG_TRACE=0 DIB_JOURNAL_SIZE=32
mkdir -p "$DIB_IMAGE_CACHE"
size=$(awk -v mib="$IFAAS_DISK_MIB" 'BEGIN { printf "%.6f", mib / 1024 }')

say "Building with diskimage-builder: ${elements[*]}"
disk-image-create -a "$IFAAS_ARCH" -t raw -o "$scratch/image" --no-tmpfs --image-size "$size" -n "${elements[@]}"

raw=$scratch/image.raw
package_list_of "$raw" "$(root_offset "$raw")"
to_qcow2 "$raw"
