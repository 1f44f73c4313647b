package org.ifaas.server;

/** The factory's version. */
final class Version {
    static final String TEXT = read();

    private Version() {}

    private static String read() {
        var version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
