package org.ifaas.factory.host;

import java.util.List;

/**
 * What stage 2 asks a provider for.
 *
 * @param name unique name of the host; carries the factory's id, the build's id and the attempt
 * @param os operating system of the host, such as {@code debian-12}
 * @param packages packages of the builder; a provider may hand out a root that has them already
 * @param sources one-line apt sources the host is to use
 * @param userKey the build's user key: the only one that may log in
 * @param hostKey the host key that the host must show, made by the factory
 */
public record HostRequest(
        String name,
        String os,
        HostSize size,
        List<String> packages,
        List<String> sources,
        SshKey userKey,
        SshKey hostKey) {}
