package org.ifaas.factory.stage;

/** Where things are on a build host. */
final class HostFolders {
    /** Everything of the factory's, on the host's disk. */
    static final String WORK = "/var/tmp/ifaas";

    private HostFolders() {}
}
