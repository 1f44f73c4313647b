package org.ifaas.factory.image;

/** Digests of one content, in lower-case hexadecimal. */
public record Digests(String md5, String sha256, String sha512) {}
