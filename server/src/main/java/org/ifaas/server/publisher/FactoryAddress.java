package org.ifaas.server.publisher;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a publisher reaches the factory.
 *
 * @param url scheme, host and port; plain http on loopback only
 * @param authorities certificates in PEM that the factory's rests on; null for those of the JDK
 * @param certificate the publisher's own, in PEM, where the factory's proxy asks for one; null for none
 * @param key of that certificate
 * @param token a file whose first line is an API token of the region; read for each request
 * @param timeout for connecting, and for each answer
 */
public record FactoryAddress(
        URI url,
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key,
        Path token,
        Duration timeout) {}
