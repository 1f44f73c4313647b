package org.ifaas.release.openpgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.release.digest.ParallelMeasurer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenPgpSignerTest extends SignerContract {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private Path keys;
    private GnuPg gpg;

    @BeforeEach
    void folders() throws Exception {
        keys = folder.resolve("keys");
        gpg = new GnuPg(folder.resolve("g"));
    }

    @AfterEach
    void endAgent() throws Exception {
        gpg.close();
    }

    @Test
    void aKeyIsMadeOnFirstUseAndKept() throws Exception {
        var first = signer(NOW).usableKey();

        assertThat(signer(NOW).usableKey()).isEqualTo(first);
        assertThat(first.fingerprint()).matches("[0-9A-F]{40}");
        assertThat(first.userId()).isEqualTo("Image Factory <images@example.org>");
        assertThat(first.expires())
                .isEqualTo(NOW.plus(Duration.ofDays(730)).toString().substring(0, 10));
        assertThat(first.armored()).doesNotContain("PRIVATE").doesNotContain("Version:");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve("release-key.secret.asc"))))
                .isEqualTo("rw-------");
        try (var files = Files.list(keys)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("release-key.secret.asc", "release-key.asc", "release-key.gpg");
        }
    }

    @Test
    void twoFactoriesThatStartTogetherUseOneKey() throws Exception {
        Callable<String> key = () -> signer(NOW).usableKey().fingerprint();
        try (var pool = Executors.newFixedThreadPool(4)) {
            var made = pool.invokeAll(List.of(key, key, key, key));
            var one = made.getFirst().get();
            for (var another : made) {
                assertThat(another.get()).isEqualTo(one);
            }
        }
    }

    @Test
    void gpgvAndGpgAcceptTheSignature() throws Exception {
        var measured = new ParallelMeasurer().measure(content);
        signer(NOW).sign(content, measured);

        assertThat(gpgv().text()).contains("GOODSIG", "Image Factory <images@example.org>", "using EDDSA key");
        gpg.must("--import", keys.resolve("release-key.asc").toString());
        gpg.must("--verify", content + ".asc", content.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa3072", "ed25519", "nistp256"})
    void aKeyMadeByGpgSigns(String algorithm) throws Exception {
        gpg.must("--quick-generate-key", "Operator <op@example.org>", algorithm, "sign", "1y");
        var secret = gpg.exportSecret("op@example.org", folder.resolve("given.asc"));
        var signer = signer(Instant.now(), Optional.of(secret), Optional.empty());
        signer.sign(content);

        assertThat(gpgv(signer).text()).contains("GOODSIG").contains("Operator <op@example.org>");
        assertThat(keys.resolve("release-key.secret.asc")).doesNotExist();
    }

    @Test
    void aSigningSubkeyIsPreferredToThePrimaryKey() throws Exception {
        gpg.must("--quick-generate-key", "Operator <op@example.org>", "ed25519", "cert", "1y");
        var fingerprint = gpg.fingerprint("op@example.org");
        gpg.must("--quick-add-key", fingerprint, "ed25519", "sign", "1y");
        var secret = gpg.exportSecret(fingerprint, folder.resolve("given.asc"));
        var signer = signer(Instant.now(), Optional.of(secret), Optional.empty());
        signer.sign(content);

        assertThat(signer.usableKey().fingerprint()).isEqualTo(fingerprint);
        var valid = gpgv(signer)
                .output()
                .lines()
                .filter(line -> line.contains("VALIDSIG"))
                .findFirst()
                .orElseThrow();
        assertThat(valid).endsWith(fingerprint).doesNotContain("VALIDSIG " + fingerprint);
    }

    @Test
    void aLockedKeyNeedsItsPassphrase() throws Exception {
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
        var made = signer(NOW, Optional.empty(), Optional.of(passphrase)).usableKey();
        var signer = signer(NOW, Optional.empty(), Optional.of(passphrase));
        signer.sign(content);
        assertThat(gpgv(signer).exitCode()).isZero();

        refused(signer(NOW), made.fingerprint(), "is locked");
        Files.writeString(passphrase, "wrong\n");
        refused(signer(NOW, Optional.empty(), Optional.of(passphrase)), made.fingerprint(), "passphrase is wrong");
        Files.delete(passphrase);
        refused(signer(NOW, Optional.empty(), Optional.of(passphrase)), "passphrase", passphrase.toString());
    }

    @Test
    void gpgUnlocksAMadeKeyWithTheSamePassphrase() throws Exception {
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse\n");
        signer(NOW, Optional.empty(), Optional.of(passphrase)).usableKey();

        gpg.must("--import", keys.resolve("release-key.secret.asc").toString());
        gpg.must("--passphrase", "correct horse", "--detach-sign", content.toString());
    }

    @Test
    void aKeyIsRefusedWhenItExpiresWithinTheMarginAndStillEndsWhatBegan() throws Exception {
        var key = signer(NOW).usableKey();
        var nearItsEnd = NOW.plus(Duration.ofDays(720));

        refused(signer(nearItsEnd), key.fingerprint(), "expires on " + key.expires(), "quick-set-expire");
        signer(nearItsEnd).sign(content);
        assertThat(Path.of(content + ".asc")).exists();
    }

    @Test
    void anExpiredKeyIsRefused() throws Exception {
        var key = signer(NOW).usableKey();
        var later = NOW.plus(Duration.ofDays(731));

        refused(signer(later), key.fingerprint(), "expired on " + key.expires(), "quick-set-expire");
        assertThatThrownBy(() -> signer(later).sign(content)).hasMessageContaining("expired on");
    }

    @Test
    void theMendForAnExpiringKeyWorks() throws Exception {
        var key = signer(NOW).usableKey();
        var file = keys.resolve("release-key.secret.asc");
        gpg.must("--import", file.toString());
        gpg.must("--quick-set-expire", key.fingerprint(), "5y");
        gpg.exportSecret(key.fingerprint(), file);

        var extended = signer(NOW.plus(Duration.ofDays(1000))).usableKey();
        assertThat(extended.fingerprint()).isEqualTo(key.fingerprint());
        assertThat(extended.expires()).isGreaterThan(key.expires());
    }

    @Test
    void aRevokedKeyIsRefused() throws Exception {
        gpg.must("--quick-generate-key", "Operator <op@example.org>", "ed25519", "sign", "1y");
        var fingerprint = gpg.fingerprint("op@example.org");
        var certificate = folder.resolve("g/openpgp-revocs.d/" + fingerprint + ".rev");
        Files.writeString(certificate, Files.readString(certificate).replace(":-----BEGIN", "-----BEGIN"));
        gpg.must("--import", certificate.toString());
        var secret = gpg.exportSecret(fingerprint, folder.resolve("given.asc"));

        refused(signer(NOW, Optional.of(secret), Optional.empty()), fingerprint, "is revoked");
    }

    @Test
    void aKeyFileThatIsNoSecretKeyIsNamed() throws Exception {
        var given = Files.writeString(folder.resolve("given.asc"), "no key\n");
        Files.setPosixFilePermissions(given, PosixFilePermissions.fromString("rw-------"));
        refused(signer(NOW, Optional.of(given), Optional.empty()), given.toString(), "export-secret-keys");

        signer(NOW).usableKey();
        Files.copy(keys.resolve("release-key.asc"), folder.resolve("public.asc"));
        Files.setPosixFilePermissions(folder.resolve("public.asc"), PosixFilePermissions.fromString("rw-------"));
        refused(signer(NOW, Optional.of(folder.resolve("public.asc")), Optional.empty()), "public.asc");
        refused(signer(NOW, Optional.of(folder.resolve("missing.asc")), Optional.empty()), "missing.asc");
    }

    @Test
    void aKeyFileThatOthersMayReadIsRefused() throws Exception {
        signer(NOW).usableKey();
        var file = keys.resolve("release-key.secret.asc");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        refused(signer(NOW), file.toString(), "chmod 600");
    }

    private static void refused(OpenPgpSigner signer, String... parts) {
        assertThatThrownBy(signer::usableKey)
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.FACTORY, StageFailure::blame)
                .extracting(failure -> failure.getMessage() + " | " + failure.mend())
                .asString()
                .contains(parts);
    }

    @Override
    OpenPgpSigner signer() {
        return signer(Instant.now());
    }

    private OpenPgpSigner signer(Instant now) {
        return signer(now, Optional.empty(), Optional.empty());
    }

    private OpenPgpSigner signer(Instant now, Optional<Path> secret, Optional<Path> passphrase) {
        var policy = new SigningKeyPolicy(
                SigningKeyPolicy.RELEASE,
                keys,
                "Image Factory <images@example.org>",
                secret,
                passphrase,
                Duration.ofDays(730),
                Duration.ofDays(14));
        return new OpenPgpSigner(policy, InstantSource.fixed(now));
    }
}
