package org.ifaas.hosts.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Objects;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.ifaas.factory.host.SshKey;

/** Ed25519 key pairs in OpenSSH's formats. */
final class OpenSshKeys {
    private OpenSshKeys() {}

    /** The pair at that path; made when it is not there. The private key appears last: where it is, the pair is whole. */
    static SshKey at(Path privateKey, String comment) {
        try {
            if (!Files.exists(privateKey)) {
                generate(privateKey, comment);
            }
            var line = PublicKeyEntry.toString(load(privateKey).getPublic());
            return new SshKey(privateKey, comment.isBlank() ? line : line + " " + oneLine(comment));
        } catch (IOException e) {
            throw new UncheckedIOException("SSH key " + privateKey + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SSH key " + privateKey + ": " + e.getMessage(), e);
        }
    }

    static KeyPair load(Path privateKey) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(privateKey)) {
            var pairs =
                    SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName(privateKey.toString()), in, null);
            if (pairs == null || !pairs.iterator().hasNext()) {
                throw new IOException("it holds no private key");
            }
            return pairs.iterator().next();
        }
    }

    private static void generate(Path privateKey, String comment) throws IOException, GeneralSecurityException {
        var pair = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        var folder = Objects.requireNonNull(privateKey.toAbsolutePath().getParent());
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var secret = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, oneLine(comment), null, secret);
        var open = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePublicKey(pair, oneLine(comment), open);
        write(folder.resolve(privateKey.getFileName() + ".pub"), open.toByteArray(), "rw-r--r--");
        write(privateKey.toAbsolutePath(), secret.toByteArray(), "rw-------");
    }

    static void write(Path file, byte[] content, String permissions) throws IOException {
        var rights = PosixFilePermissions.fromString(permissions);
        var temporary = Files.createTempFile(
                file.getParent(), "." + file.getFileName(), null, PosixFilePermissions.asFileAttribute(rights));
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String oneLine(String comment) {
        return comment.replaceAll("[\\p{Cntrl}]", " ").strip();
    }
}
