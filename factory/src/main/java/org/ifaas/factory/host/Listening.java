package org.ifaas.factory.host;

/**
 * Where a server of a build listens on the factory's machine, so that its test instances reach it.
 *
 * @param address of the machine
 * @param first port that it may take
 * @param last port that it may take; 0 for any that is free
 */
public record Listening(String address, int first, int last) {
    public static final Listening LOOPBACK = new Listening("127.0.0.1", 0, 0);
}
