package org.ifaas.factory.handover;

import java.time.Duration;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Connection;

/**
 * A file that lies on a build host, and is believed in nothing.
 *
 * @param connection to the host
 * @param path absolute, on the host
 * @param most bytes that are taken of it
 * @param limit how long the host may take to give it
 */
public record BuiltFile(BuildHost host, Connection connection, String path, long most, Duration limit) {}
