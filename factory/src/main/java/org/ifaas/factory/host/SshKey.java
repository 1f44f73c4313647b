package org.ifaas.factory.host;

import java.nio.file.Path;

/**
 * An Ed25519 key pair in OpenSSH's formats, on the factory's disk.
 *
 * @param privateKey file with the private key, mode 0600; the public key lies beside it with {@code .pub} appended
 * @param publicKey the line for {@code authorized_keys}: type, key in base64, comment
 */
public record SshKey(Path privateKey, String publicKey) {}
