#!/bin/sh
# Starts one container host. usage: launch.sh FOLDER SCRIPT [CGROUP ...]
# Says first who it is, so that it is found again whatever happens next. All that follows lives in a process namespace
# whose first process is that script: when that ends, or this one, the kernel ends all of it.
set -eu
cd -- "$1"
script=$2
shift 2
# The start time, field 22, tells this process from a later one with its number.
read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ <"/proc/$$/stat"
echo "$pid $start" >launcher.new
mv launcher.new launcher
for cgroup in "$@"; do
  echo $$ >"$cgroup/cgroup.procs" || echo "no limit from $cgroup" >&2
done
exec unshare --mount --pid --ipc --uts --fork --kill-child --propagation private sh "$script"
