#!/bin/sh
# cloud-init has done its work, from a real data source, without errors.
. "${0%/*}/lib.sh"

result=$root/run/cloud-init/result.json
stages=$root/run/cloud-init/status.json

if ! command -v cloud-init >/dev/null; then
    not_ok "cloud-init is done" "there is no cloud-init in this image"
    finish
    exit 0
fi

# The only call of the command itself: it takes seconds.
code=0
status=$(cloud-init status --long 2>&1) || code=$?
case $code$(printf '%s\n' "$status" | sed -n 's/^status: */ /p') in
    '0 done' | '2 done') ok "cloud-init is done" ;;
    *) not_ok "cloud-init is done" "exit code $code" "$status" ;;
esac

name="cloud-init met no error"
if [ ! -f "$result" ]; then
    not_ok "$name" "there is no $result"
else
    errors=$(cat "$result" "$stages" 2>/dev/null | tr -d '\n' | grep -o '"errors": *\[ *[^] ][^]]*' || :)
    empty "$name" "$errors"
fi

name="cloud-init found its data source"
source=$(sed -n 's/.*"datasource": *"\([^"]*\)".*/\1/p' "$result" 2>/dev/null) || source=
case $source in
    '' | DataSourceNone*) not_ok "$name" "data source: ${source:-none}" ;;
    *) ok "$name" ;;
esac

name="cloud-init has nothing to warn of"
warnings=$(grep -h -e ' - .*\[WARNING\]: ' "$root/var/log/cloud-init.log" 2>/dev/null || :)
degraded=$(printf '%s\n' "$status" | grep -e '^extended_status: .*degraded' || :)
if [ -n "$warnings$degraded" ]; then warn "$name" "$degraded" "$warnings"; else ok "$name"; fi
finish
