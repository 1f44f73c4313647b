package org.ifaas.factory.host;

/** What a build host is made of. */
public enum HostKind {
    /** A container on the factory's machine: fast, a weak wall, for trusted definitions only. */
    CONTAINER,
    /** A virtual machine on the factory's machine. */
    QEMU,
    /** A server of an OpenStack cloud. */
    NOVA
}
