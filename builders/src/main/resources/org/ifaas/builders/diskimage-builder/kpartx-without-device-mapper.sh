#!/bin/bash
# Stands in for kpartx where the kernel has no device mapper: the loop driver's own partitions, under kpartx's names.
set -eu
[ $# -gt 0 ] || exit 1
device=${!#}
name=${device##*/}
action=add
for word in "${@:1:$#-1}"; do
    case $word in
        -*d*) action=delete ;;
        -*l*) action=list ;;
    esac
done

case $action in
    list)
        partx --show "$device"
        ;;
    delete)
        for link in "/dev/mapper/${name}p"*; do
            [ ! -L "$link" ] || rm -f "$link"
        done
        partx --delete "$device" 2>/dev/null || true
        for node in "/dev/${name}p"*; do
            [ -e "/sys/class/block/${node##*/}" ] || rm -f "$node"
        done
        ;;
    add)
        partx --update "$device" 2>/dev/null || partx --add "$device"
        mkdir -p /dev/mapper
        for number in $(partx --show --noheadings --output NR "$device"); do
            node=${name}p$number
            IFS=: read -r major minor <"/sys/class/block/$node/dev"
            # Nobody makes device nodes in a container, and one of an earlier device may lie there.
            rm -f "/dev/$node.new"
            mknod "/dev/$node.new" b "$major" "$minor"
            mv "/dev/$node.new" "/dev/$node"
            ln -sfn "../$node" "/dev/mapper/$node"
            echo "add map $node"
        done
        ;;
esac
