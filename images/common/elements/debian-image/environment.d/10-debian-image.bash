# shellcheck shell=bash
export DISTRO_NAME=debian
export DIB_RELEASE=${DIB_RELEASE:-${IFAAS_CODENAME:-}}
export DIB_INIT_SYSTEM=systemd
export DIB_PYTHON_VERSION=3
# The kernel's command line is in the image's own /etc/default/grub.d.
export DIB_BOOTLOADER_DEFAULT_CMDLINE=${DIB_BOOTLOADER_DEFAULT_CMDLINE:-}
export DIB_GRUB_TIMEOUT=${DIB_GRUB_TIMEOUT:-1}
