#!/bin/bash
# Stands in for partx while KIWI runs: what the kernel knows already is no error, and every partition has its node.
set -eu
case ${1:-} in
    --add)
        device=$2
        "$IFAAS_PARTX" --update "$device" || "$IFAAS_PARTX" --add "$device"
        for number in $("$IFAAS_PARTX" --show --noheadings --output NR "$device"); do
            node=${device}p$number
            IFS=: read -r major minor <"/sys/class/block/${node##*/}/dev"
            rm -f "$node.new"
            mknod "$node.new" b "$major" "$minor"
            mv "$node.new" "$node"
        done
        ;;
    --delete)
        "$IFAAS_PARTX" --delete "$2" || true
        for node in "$2"p*; do
            [ -e "/sys/class/block/${node##*/}" ] || rm -f "$node"
        done
        ;;
    *)
        exec "$IFAAS_PARTX" "$@"
        ;;
esac
