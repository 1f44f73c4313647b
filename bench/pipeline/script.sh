#!/bin/bash
# What an image team has before it has a factory: one script that does the article's steps one after the other, on one
# machine, with the tools at hand. It builds with the factory's own builder scripts on the same kind of host, and tests with
# the factory's own suite; all else is plain shell, OpenSSH, coreutils, QEMU, GnuPG and hashdeep.
#   bench/pipeline/script.sh IMAGE FOLDER ROOT ACCELERATOR
#     FOLDER       has or gets: release/, region-a/, region-b/, steps (number, name, seconds), log/; and what is kept for the
#                  next run: gnupg/, apt/
#     ROOT         a prepared root file system for the host, which is not written to
#     ACCELERATOR  KVM or TCG
set -euo pipefail
image=$1 folder=$(readlink -f "$2") root=$(readlink -f "$3") accelerator=$4
checkout=$(readlink -f "${0%/*}/../..")
builders=$checkout/builders/src/main/resources/org/ifaas/builders
hosts=$checkout/hosts/src/main/resources/org/ifaas/hosts/container
stages=$checkout/factory/src/main/resources/org/ifaas/factory/stage
export LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin GNUPGHOME=$folder/gnupg
# Links and sockets have short names there.
work=$folder/work
rm -rf "$folder"/{work,release,region-a,region-b,steps,log}
mkdir -p "$GNUPGHOME"
chmod 700 "$GNUPGHOME"
mkdir -p "$work"/{host,test} "$folder"/{release/files/test-results,region-a,region-b,log,apt}
cd "$work"

machines=() iperf='' current=''
# shellcheck disable=SC2329 # by the trap
clean_up() {
    local code=$? pid
    if ((code)) && [[ $current ]]; then
        echo "step $current ended with $code: $(tail -n 5 "$folder/log/$current")" >&2
    fi
    for pid in "${machines[@]}" $iperf; do
        kill "$pid" 2>/dev/null || true
    done
    destroy_build_host
    gpgconf --kill all 2>/dev/null || true
    cd /
    rm -rf --one-file-system "$work"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 143' TERM HUP

fail() {
    echo "$*" >&2
    exit 1
}

# step NUMBER NAME: times the function of that name.
step() {
    local start=$EPOCHREALTIME
    current=$1-$2
    "$2" >"$folder/log/$current" 2>&1
    current=''
    awk -v n="$1" -v name="$2" -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%d %s %.3f\n", n, name, b - a }' >>"$folder/steps"
}

# of FIELD: a value of image.yaml, such as os.codename; nothing when it is not there.
of() {
    awk -v wanted="$1" '
        /^[a-z_]+:/ { top = $1; sub(/:.*/, "", top) }
        { path = /^ / ? top "." $1 : $1; sub(/:$/, "", path) }
        path == wanted { sub(/^ *[a-z_]+: */, ""); gsub(/[][,]/, " "); print }' "$checkout/images/$image/image.yaml" | xargs
}

free_port() {
    local port
    while port=$((20000 + RANDOM % 20000)) && (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

# answers PORT: whether an SSH server says its first words there.
answers() {
    local words
    words=$(exec 2>/dev/null && exec 3<>"/dev/tcp/127.0.0.1/$1" && IFS= read -r -t 10 line <&3 && echo "$line") || return 1
    [[ $words == SSH-* ]]
}

# await_answer PORT SECONDS PID
await_answer() {
    local deadline=$((SECONDS + $2))
    until answers "$1"; do
        ((SECONDS < deadline)) && kill -0 "$3" || return 1
        sleep 0.1
    done
}

# remote NAME PORT USER COMMAND…: over one link that is kept open.
remote() {
    local name=$1 port=$2 user=$3
    shift 3
    ssh -F none -q -i "$name.key" -p "$port" -o UserKnownHostsFile="$name.known" -o StrictHostKeyChecking=accept-new \
        -o BatchMode=yes -o ControlMaster=auto -o ControlPath="./$name.link" -o ControlPersist=yes -- "$user@127.0.0.1" "$@"
}

# ---- 1 ------------------------------------------------------------------------------------------------------------------
initialize() {
    local codename site suite date part digests=''
    codename=$(of os.codename)
    commit=$(git -C "$checkout" rev-parse HEAD)
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --no-release-info --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | sort -u >sites
    site=$(awk '/\/debian [a-z]+-updates$/ { print $1; exit }' sites)
    mirrors=("deb $site $codename main" "deb $site $codename-updates main"
        "deb $(awk '/\/debian-security [a-z]+-security$/ { print $1; exit }' sites) $codename-security main")
    host_mirrors=$(printf '%s\n' "${mirrors[@]}" | sed "s/ $codename/ bookworm/")
    epoch=0
    : >"$folder/release/files/mirror-state.txt"
    for part in "${mirrors[@]}"; do
        read -r _ site suite _ <<<"$part"
        rm -f InRelease
        /usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "$site/dists/$suite/InRelease" InRelease
        gpgv --quiet --keyring /usr/share/keyrings/debian-archive-keyring.gpg InRelease
        date=$(date -u -d "$(sed -n 's/^Date: //p' InRelease)" +%s)
        ((date <= epoch)) || epoch=$date
        digests+=" $(sha256sum <InRelease | cut -c 1-64)"
        printf '%s\t%s\t%s\n' "$suite" "$(date -u -d "@$date" +%FT%TZ)" "${digests##* }" >>"$folder/release/files/mirror-state.txt"
    done
    seed=$(printf '%s' "$commit images/$image$digests" | sha256sum | cut -c 1-64)
    gpg --batch --quiet --list-secret-keys bench@localhost ||
        gpg --batch --quiet --passphrase '' --quick-generate-key 'Bench <bench@localhost>' ed25519 sign 1d
    df --output=avail "$folder"
    serial=$(date -u +%Y%m%d)-$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' ')
    qcow2=$folder/release/files/$(of publish_as)-$serial.qcow2
}

# ---- 2, 3, 15 -----------------------------------------------------------------------------------------------------------
spawn_build_host() {
    mkdir -p host/{given,disk/upper,disk/work,root}
    ssh-keygen -q -t ed25519 -N '' -f host.key
    ssh-keygen -q -t ed25519 -N '' -f host/given/host-key
    host_port=$(free_port)
    cp "$hosts/entry.sh" host/given/
    cp host.key.pub host/given/authorized-keys
    echo "bench-$serial" >host/given/name
    echo "$root" >host/given/lower
    echo "$host_port" >host/given/port
    echo "$host_mirrors" >host/given/sources.list
    echo "[127.0.0.1]:$host_port $(cat host/given/host-key.pub)" >host.known
    env -i PATH="$PATH" LC_ALL=C setsid sh "$hosts/launch.sh" "$work/host" "$hosts/host.sh" </dev/null >host/log 2>&1 &
    await_answer "$host_port" 90 $! || fail "the host does not answer: $(tail -n 3 host/log)"
}

on_host() {
    remote host "$host_port" root "$@"
}

connect_build_host() {
    on_host 'cat /etc/os-release; uname -r; nproc; free -m; df -h /var/tmp'
}

destroy_build_host() {
    local mark pid start device loop
    [[ -e $work/host/launcher ]] || return 0
    # The kernel ends a process namespace with its first process.
    for mark in init launcher; do
        if read -r pid start <"$work/host/$mark" && [[ $(cut -d' ' -f22 "/proc/$pid/stat" 2>/dev/null) == "$start" ]]; then
            kill -KILL "$pid" || true
            while [[ $(cut -d' ' -f22 "/proc/$pid/stat" 2>/dev/null) == "$start" ]]; do sleep 0.02; done
        fi 2>/dev/null
    done
    read -r device <"$work/host/device" || device=none
    while read -r loop _; do
        losetup -d "$loop"
    done < <(losetup -n -O NAME,BACK-MAJ:MIN | awk -v device="$device" '$2 == device')
    rm -rf --one-file-system "$work/host"
}

# ---- 4, 5, 6 ------------------------------------------------------------------------------------------------------------
check_out_sources() {
    git -C "$checkout" archive --format=tar "$commit" |
        on_host 'mkdir -p /var/tmp/ifaas/sources && tar -C /var/tmp/ifaas/sources -xf -'
}

configure_build_host() {
    local packages
    case $(of builder) in
        mmdebstrap) packages='debian-archive-keyring e2fsprogs fdisk mmdebstrap qemu-utils' ;;
        script) packages='cpio debian-archive-keyring dosfstools e2fsprogs fdisk grub-common kmod mtools qemu-utils xz-utils zstd' ;;
        diskimage-builder) packages='debootstrap dmsetup e2fsprogs fdisk gdisk kpartx parted python3-diskimage-builder qemu-utils rsync sudo' ;;
        kiwi) packages='debootstrap dosfstools e2fsprogs fdisk gdisk gpg gpgv grub-pc-bin kiwi kiwi-systemdeps-core mtools parted qemu-utils' ;;
    esac
    on_host 'cat >/var/tmp/ifaas/sources.list' <<<"$host_mirrors"
    on_host 'cat >/var/tmp/ifaas/install-packages.sh' <"$stages/05-configure-build-host/install-packages.sh"
    on_host "sh /var/tmp/ifaas/install-packages.sh /var/tmp/ifaas/sources.list $packages"
    on_host "dpkg-query -W $packages"
}

prepare_run() {
    tar -cf - --mode=755 -C "$builders/common" lib.sh -C "$builders/$(of builder)" . |
        on_host 'mkdir -p /var/tmp/ifaas/run/scripts && tar -C /var/tmp/ifaas/run/scripts -xf -'
}

# ---- 7 ------------------------------------------------------------------------------------------------------------------
build_image() {
    local definition=/var/tmp/ifaas/sources/images/$image description environment
    description=$(of description)
    [[ $description == . ]] && description=$definition || description=$definition/$description
    environment=(
        "IFAAS_NAME=image" "IFAAS_DEFINITION=$definition" "IFAAS_DESCRIPTION=$description" "IFAAS_WORK=/var/tmp/ifaas/run"
        "IFAAS_IMAGE=/var/tmp/ifaas/run/image.qcow2" "IFAAS_PACKAGES=/var/tmp/ifaas/run/image.packages.tsv"
        "IFAAS_ARCH=$(of architecture)" "IFAAS_FIRMWARE=$(of firmware)" "IFAAS_DISTRO=$(of os.distro)"
        "IFAAS_VERSION=$(of os.version)" "IFAAS_CODENAME=$(of os.codename)" "IFAAS_USER=$(of os.user)"
        "IFAAS_DISK_MIB=$(of sizes.disk_mib)" "IFAAS_COMPRESSION=$(of compression)"
        "IFAAS_MIRROR=$(printf '%s\n' "${mirrors[@]}")" "IFAAS_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg"
        "IFAAS_SEED=$seed" "SOURCE_DATE_EPOCH=$epoch")
    on_host "cd /var/tmp/ifaas/run && exec env $(printf '%q ' "${environment[@]}") /var/tmp/ifaas/run/scripts/build.sh"
    on_host 'cat /var/tmp/ifaas/run/image.qcow2' >"$qcow2"
    on_host 'cat /var/tmp/ifaas/run/image.packages.tsv' >"$folder/release/files/packages.tsv"
    sync "$qcow2"
    qemu-img info -f qcow2 "$qcow2"
    md5sum "$qcow2"
    sha256sum "$qcow2"
    sha512=$(sha512sum <"$qcow2")
    offered_packages
}

# What the mirrors offer now of the image's packages; lists that are unchanged are not fetched again.
offered_packages() {
    local state=$folder/apt
    mkdir -p "$state/lists/partial" "$state/archives/partial"
    : >"$state/status"
    printf '%s\n' "${mirrors[@]}" | sed 's|^deb |deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |' >"$state/sources.list"
    cat >"$state/apt.conf" <<CONF
Dir::Etc::SourceList "$state/sources.list";
Dir::Etc::SourceParts "-";
Dir::Etc::PreferencesParts "-";
Dir::State::Lists "$state/lists";
Dir::State::Status "$state/status";
Dir::Cache "$state";
APT::Architecture "$(of architecture)";
APT::Architectures { "$(of architecture)"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
    APT_CONFIG=$state/apt.conf apt-get -qq update
    cut -f 1 "$folder/release/files/packages.tsv" | sort -u | APT_CONFIG=$state/apt.conf xargs -r apt-cache policy | awk '
        /^[^ ]/ { name = $1; sub(/:$/, "", name) }
        /^  Candidate: [^(]/ { print name "\t" $2 }' >offered.tsv
}

# ---- 8, 12, 13 ----------------------------------------------------------------------------------------------------------
# copy_to REGION: the copy is read back.
copy_to() {
    local copy
    copy=$folder/$1/$(cat /proc/sys/kernel/random/uuid)
    mkdir "$copy"
    cp "$qcow2" "$copy/image.qcow2"
    sync "$copy/image.qcow2"
    [[ $(sha512sum <"$copy/image.qcow2") == "$sha512" ]] || fail "$copy has other bytes"
    printf '{"name":"%s_%s","status":"active","visibility":"private","os_hash_value":"%s"}\n' \
        "$(of publish_as)" "$serial" "${sha512%% *}" >"$copy/image.json"
}

register_private_image() {
    copy_to region-a
}

copy_to_regions() {
    copy_to region-b
    # Built = tested = copied.
    [[ $(sha512sum <"$(echo "$folder"/region-a/*/image.qcow2)") == "$sha512" ]] || fail "the tested image has changed"
}

request_publication() {
    printf '{"image":"%s","serial":"%s","sha512":"%s"}\n' "$image" "$serial" "${sha512%% *}" >"$folder/request.json"
    sync "$folder/request.json"
}

# ---- 9 ------------------------------------------------------------------------------------------------------------------
# boot NUMBER: a copy-on-write instance of the registered image. Sets port, pid and boot (milliseconds to the first login).
boot() {
    local name=test$1 base accelerate start virtual
    base=$(echo "$folder"/region-a/*/image.qcow2)
    accelerate=(-accel kvm -cpu host)
    [[ $accelerator == KVM ]] || accelerate=(-accel "tcg,thread=multi,tb-size=512" -cpu max)
    virtual=$(qemu-img info -f qcow2 --output json "$base" | sed -n 's/^ *"virtual-size": \([0-9]*\).*/\1/p')
    image_bytes=$virtual disk_gib=$((virtual / (1 << 30) + 2))
    [[ -e test1.key ]] || ssh-keygen -q -t ed25519 -N '' -f test1.key
    [[ -e $name.key ]] || cp test1.key "$name.key"
    mkdir -p "$name"
    printf 'instance-id: %s-%s\nlocal-hostname: ifaas-test-%d\n' "$name" "$serial" "$1" >"$name/meta-data"
    cat >"$name/user-data" <<SEED
#cloud-config
users:
  - name: $(of os.user)
    shell: /bin/sh
    lock_passwd: true
    sudo: "ALL=(ALL) NOPASSWD:ALL"
    ssh_authorized_keys:
      - $(cat test1.key.pub)
SEED
    genisoimage -quiet -volid cidata -joliet -rock -output "$name/seed.iso" "$name/meta-data" "$name/user-data"
    qemu-img create -q -f qcow2 -b "$base" -F qcow2 "$name/disk.qcow2" "${disk_gib}G"
    port=$(free_port)
    start=$(date +%s%3N)
    qemu-system-x86_64 -no-user-config -nodefaults -machine q35,vmport=off "${accelerate[@]}" -smp 2 -m 1024M -display none \
        -chardev "file,id=console,path=$name/console" -serial chardev:console -device virtio-rng-pci \
        -netdev "user,id=net,ipv6=off,net=10.0.3.0/24,hostfwd=tcp:127.0.0.1:$port-10.0.3.15:22" \
        -device virtio-net-pci,netdev=net,romfile= \
        -drive "file=$name/disk.qcow2,format=qcow2,if=virtio,cache=unsafe,discard=unmap" \
        -drive "file=$name/seed.iso,format=raw,if=virtio,read-only=on" </dev/null &
    pid=$!
    machines+=("$pid")
    await_login "$name" "$port" "$pid"
    boot=$(($(date +%s%3N) - start))
    echo "$name: first login after $boot ms"
}

await_login() {
    local deadline=$((SECONDS + 1440))
    await_answer "$2" 1440 "$3" || fail "the instance does not answer: $(tail -n 3 "$1/console")"
    # The user may come some time after the server.
    until remote "$1" "$2" "$(of os.user)" true </dev/null; do
        ((SECONDS < deadline)) || fail "nobody can log in"
        sleep 0.5
    done
}

# suite NAME PORT FILE…: puts the files and what they need on the instance.
suite() {
    local name=$1 port=$2 user
    shift 2
    user=$(of os.user)
    rm -rf "suite" && mkdir suite
    cp "$@" "$stages"/09-test-image/{lib,system,run}.sh suite/
    cp parameters suite/env
    cp offered.tsv suite/packages-offered.tsv
    tar -C suite --mode=755 -cf - . | remote "$name" "$port" "$user" 'mkdir -p /tmp/suite && tar -C /tmp/suite -xf -'
}

# run_script NAME PORT FILE: runs it there; its TAP is checked as the factory does.
run_script() {
    local name=$1 port=$2 sudo=''
    [[ $(of os.user) == root ]] || sudo='sudo -n'
    remote "$name" "$port" "$(of os.user)" "$sudo /bin/sh /tmp/suite/run.sh $3 1260 1048576" </dev/null >said
    awk -v script="$3" '
        NR == 1 { bad = $0 != "exit 0"; next }
        /^not ok/ && !/# TODO/ { bad = 1 }
        /^(not )?ok/ { points++ }
        /^1\.\./ { plan = substr($0, 4) + 0; planned = 1 }
        { print }
        END { if (bad || !planned || plan != points) { print "FAILED: " script; exit 1 } }' said |
        tee -a "$folder/release/files/test-results/results.tap"
}

parameters() {
    local patience=1 slow=1 host hosts=''
    [[ $accelerator == KVM ]] || patience=12 slow=6
    for host in $(printf '%s\n' "${mirrors[@]}" | awk '{ split($2, part, "/"); print part[3] }' | sort -u); do
        grep -r -q -F "$host" "$checkout/images" || hosts+=" $host"
    done
    cat >parameters <<ENV
IFAAS_USER='$(of os.user)'
IFAAS_HOSTNAME='ifaas-test-1'
IFAAS_SEED_KEY='$(cut -d' ' -f2 test1.key.pub)'
IFAAS_BOOT_MILLISECONDS='$boot'
IFAAS_BOOT_BUDGET_MILLISECONDS='$(($(of tests.boot_budget_seconds) * patience * 1000))'
IFAAS_SETTLE_SECONDS='$((60 * slow))'
IFAAS_VERIFY_SECONDS='$((60 * slow))'
IFAAS_IMAGE_VIRTUAL_BYTES='$image_bytes'
IFAAS_DISK_BYTES='$((disk_gib << 30))'
IFAAS_MIRROR_HOSTS='${hosts# }'
IFAAS_OUTBOUND_HOST='$(awk '{ split($2, part, "/"); sub(/:.*/, "", part[3]); print part[3]; exit }' <<<"${mirrors[0]}")'
ENV
}

# network PORT: with an iperf3 that is lent with its loader and libraries.
network() {
    local port=$1 server user libraries loader client=iperf3 direction
    user=$(of os.user)
    server=$(free_port)
    iperf3 --server --bind 127.0.0.1 --port "$server" >/dev/null &
    iperf=$!
    if ! remote test1 "$port" "$user" 'command -v iperf3' </dev/null; then
        mapfile -t libraries < <(ldd "$(command -v iperf3)" | sed -n 's/.*[[:space:]]\(\/[^ ]*\) (0x.*/\1/p')
        mkdir -p lent
        cp -L "$(command -v iperf3)" "${libraries[@]}" lent/
        loader=$(basename "$(printf '%s\n' "${libraries[@]}" | grep '/ld-')")
        tar -C lent -cf - . | remote test1 "$port" "$user" 'mkdir /tmp/lent && tar -C /tmp/lent -xf -'
        client="/tmp/lent/$loader --library-path /tmp/lent /tmp/lent/iperf3"
    fi
    for direction in '' --reverse; do
        remote test1 "$port" "$user" "$client --client 10.0.3.2 --port $server --time 3 --json $direction" </dev/null
    done
    kill "$iperf"
    iperf=''
}

test_image() {
    local script own identity=$work/identity first_port first_pid
    boot 1
    first_port=$port first_pid=$pid
    parameters
    if [[ $(of tests.suite) == baseline ]]; then
        suite test1 "$first_port" "$stages"/09-test-image/*.sh
        for script in boot cloud-init access leftovers disk console time hostname network packages; do
            run_script test1 "$first_port" "$script.sh"
        done
        grep -q ' login:' test1/console || fail "the console shows no login prompt"
    fi
    for own in $(of tests.own); do
        suite test1 "$first_port" "$checkout/images/$image/$own"
        run_script test1 "$first_port" "${own##*/}"
    done
    if [[ $(of tests.two_instances) == true ]]; then
        remote test1 "$first_port" "$(of os.user)" 'sudo -n sh /tmp/suite/identity.sh' </dev/null >"$identity"
        second_instance
    fi
    [[ $(of tests.suite) != baseline ]] || network "$first_port"
    [[ $(of tests.two_instances) != true ]] || reboot "$first_port" "$first_pid"
    end_machine "$first_pid"
    cp test1/console "$folder/release/files/test-results/console.log"
}

end_machine() {
    kill "$1"
    wait "$1" || true
}

# what_was PREFIX: as parameters, what told the first instance apart.
what_was() {
    sed -n "s/^machine_id=\(.*\)/$1_MACHINE_ID='\1'/p; s/^boot_id=\(.*\)/$1_BOOT_ID='\1'/p" identity
    echo "$1_HOST_KEYS='$(sed -n 's/^host_key=//p' identity | sort | xargs)'"
}

second_instance() {
    boot 2
    what_was IFAAS_OTHER >>parameters
    suite test2 "$port" "$stages"/09-test-image/two-instances.sh
    run_script test2 "$port" two-instances.sh
    end_machine "$pid"
}

# reboot PORT PID
reboot() {
    local user before now deadline=$((SECONDS + 1440))
    user=$(of os.user)
    before=$(sed -n 's/^boot_id=//p' identity)
    what_was IFAAS_BEFORE >>parameters
    remote test1 "$1" "$user" 'sudo -n systemctl --no-block reboot' </dev/null || true
    until now=$(remote test1 "$1" "$user" 'cat /proc/sys/kernel/random/boot_id' </dev/null) && [[ $now && $now != "$before" ]]; do
        ((SECONDS < deadline)) || fail "the instance does not come back"
        ssh -F none -q -O exit -o ControlPath=./test1.link test1 || true
        sleep 2
        await_answer "$1" 1440 "$2" || fail "the instance does not come back"
    done
    suite test1 "$1" "$stages"/09-test-image/reboot.sh
    run_script test1 "$1" reboot.sh
}

# ---- 10, 11 -------------------------------------------------------------------------------------------------------------
sign_image() {
    local file
    for file in "$qcow2" "$folder/release/files/test-results/results.tap"; do
        gpg --batch --quiet --armor --detach-sign "$file"
    done
    gpg --batch --export >"$folder/release/release-key.gpg"
}

hash_image() {
    local offset
    qemu-img convert -f qcow2 -O raw "$qcow2" disk.raw
    offset=$(sfdisk --dump disk.raw | sed -n 's/.*start= *\([0-9]*\), *size= *\([0-9]*\).*/\2 \1/p' | sort -n | awk 'END { printf "%d", $2 * 512 }')
    mkdir inside
    debugfs -R "rdump / inside" "disk.raw?offset=$offset"
    (cd inside && hashdeep -r -l -o f -c md5,sha256 .) >"$folder/release/files/contents.hashdeep"
    cd "$folder/release"
    hashdeep -r -l -c md5,sha256 files >AUDIT.hashdeep
    find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | sort | xargs -d '\n' sha256sum >SHA256SUMS
    gpg --batch --quiet --armor --detach-sign SHA256SUMS
    cd "$work"
}

# ---- 14 -----------------------------------------------------------------------------------------------------------------
clean_up_build() {
    rm -rf disk.raw inside test1 test2 suite lent ./*.tsv
}

step 1 initialize
step 2 spawn_build_host
step 3 connect_build_host
step 4 check_out_sources
step 5 configure_build_host
step 6 prepare_run
step 7 build_image
step 8 register_private_image
step 9 test_image
step 10 sign_image
step 11 hash_image
step 12 copy_to_regions
step 13 request_publication
step 14 clean_up_build
step 15 destroy_build_host
