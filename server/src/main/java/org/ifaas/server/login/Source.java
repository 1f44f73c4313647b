package org.ifaas.server.login;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * From where somebody signs in. Behind a proxy everybody comes from there.
 *
 * @param name an IPv4 address, or the first half of an IPv6 address: whoever has one has all of that half
 */
public record Source(String name) {
    public static Source of(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? of(inet.getAddress())
                : new Source("unknown");
    }

    private static Source of(InetAddress address) {
        var name = address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), 8)) + "/64"
                : address.getHostAddress();
        return new Source(name);
    }
}
