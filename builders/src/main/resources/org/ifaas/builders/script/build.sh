#!/bin/bash
# Runs the program that the definition names, in its folder. It leaves the image at IFAAS_IMAGE and the list of packages at
# IFAAS_PACKAGES.
# shellcheck source=../common/lib.sh
. "${0%/*}/lib.sh"
fresh_scratch
[ -f "$IFAAS_DESCRIPTION" ] || fail "the description $IFAAS_DESCRIPTION is not a file: it names the program to run"
[ -x "$IFAAS_DESCRIPTION" ] || fail "the program $IFAAS_DESCRIPTION is not executable: git update-index --chmod=+x"
rm -f "$IFAAS_IMAGE" "$IFAAS_PACKAGES"
cd "$IFAAS_DEFINITION"
"$IFAAS_DESCRIPTION"
[ -f "$IFAAS_IMAGE" ] || fail "$IFAAS_DESCRIPTION ended well but left no image at $IFAAS_IMAGE"
[ -f "$IFAAS_PACKAGES" ] || fail "$IFAAS_DESCRIPTION left no package list at $IFAAS_PACKAGES: an empty file if there are none"
rm -rf "$scratch"
