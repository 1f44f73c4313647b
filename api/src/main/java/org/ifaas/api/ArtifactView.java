package org.ifaas.api;

/**
 * A file that a build has left in the artifact store.
 *
 * @param key by which it is downloaded
 * @param name within the release or the build
 * @param size in bytes
 */
public record ArtifactView(String key, String name, long size) {}
