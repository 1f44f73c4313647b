#!/bin/bash
# Runs inside the root when KIWI has bootstrapped it: the release as it once came out, without its updates.
set -eu
export DEBIAN_FRONTEND=noninteractive
kiwi=/var/cache/kiwi/apt-get
apt=(apt-get -q -y -o "Dir::State=$kiwi/" -o "Dir::Cache=$kiwi/" -o "Dir::Etc=$kiwi/" -o 'Acquire::Languages=none')
"${apt[@]}" update
"${apt[@]}" --no-install-recommends dist-upgrade
# debootstrap wrote the build's mirror here; KIWI has its own list elsewhere.
rm -f /etc/apt/sources.list
# GRUB goes to the disk by KIWI's hand, and whichever disk an instance has.
echo 'grub-pc grub-pc/install_devices_empty boolean true' | debconf-set-selections
