package org.ifaas.release.openpgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GpgSignerTest extends SignerContract {
    private GnuPg gpg;
    private Path home;
    private String fingerprint;

    @BeforeEach
    void aKeyInAnAgent() throws Exception {
        home = folder.resolve("g");
        gpg = new GnuPg(home);
        gpg.must("--quick-generate-key", "Operator <op@example.org>", "ed25519", "sign", "1y");
        fingerprint = gpg.fingerprint("op@example.org");
    }

    @AfterEach
    void endAgent() throws Exception {
        gpg.close();
    }

    @Override
    Signer signer() {
        return signer(fingerprint, Duration.ofDays(14), InstantSource.system());
    }

    @Test
    void aLockedKeyFailsAtOnceInsteadOfAsking() throws Exception {
        gpg.must("--passphrase", "secret", "--quick-generate-key", "Locked <l@example.org>", "ed25519", "sign", "1y");
        gpg.close(); // the agent forgets the passphrase
        fingerprint = gpg.fingerprint("l@example.org");

        refused(signer(), "can't sign", "unlock");
    }

    @Test
    void aSubkeySignsForItsPrimaryKey() throws Exception {
        gpg.must("--quick-generate-key", "Card <card@example.org>", "ed25519", "cert", "1y");
        fingerprint = gpg.fingerprint("card@example.org");
        gpg.must("--quick-add-key", fingerprint, "ed25519", "sign", "1y");
        signer().sign(content);

        var valid = gpgv().output()
                .lines()
                .filter(line -> line.contains("VALIDSIG"))
                .findFirst()
                .orElseThrow();
        assertThat(valid).endsWith(fingerprint).doesNotContain("VALIDSIG " + fingerprint);
    }

    @Test
    void noOtherKeyOfTheHomeSigns() throws Exception {
        refused(signer("0".repeat(40), Duration.ZERO, InstantSource.system()), "0".repeat(40), "not known to gpg");
        assertThatThrownBy(() -> GpgPolicy.defaults("op@example.org")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyThatExpiresWithinTheMarginIsRefusedAndStillEndsWhatBegan() throws Exception {
        var careful = signer(fingerprint, Duration.ofDays(400), InstantSource.system());

        refused(careful, "expires soon", "quick-set-expire " + fingerprint);
        careful.sign(content);
        assertThat(gpgv(signer()).exitCode()).isZero();
    }

    @Test
    void anExpiredKeyIsRefused() throws Exception {
        gpg.must(
                "--faked-system-time",
                "20200101T000000",
                "--quick-generate-key",
                "Old <old@example.org>",
                "ed25519",
                "sign",
                "1y");
        fingerprint = gpg.fingerprint("old@example.org");

        refused(signer(), "expired", fingerprint);
        assertThatThrownBy(() -> signer().sign(content)).isInstanceOf(StageFailure.class);
        assertThat(Path.of(content + ".asc")).doesNotExist();
    }

    @Test
    void aRevokedKeyIsRefused() throws Exception {
        var certificate = home.resolve("openpgp-revocs.d/" + fingerprint + ".rev");
        Files.writeString(certificate, Files.readString(certificate).replace(":-----BEGIN", "-----BEGIN"));
        gpg.must("--import", certificate.toString());

        refused(signer(), "is revoked", fingerprint);
    }

    @Test
    void aMissingProgramIsNamed() {
        var policy = new GpgPolicy("/nowhere/gpg", Optional.of(home), fingerprint, Duration.ZERO);

        refused(new GpgSigner(policy, InstantSource.system()), "/nowhere/gpg");
    }

    private Signer signer(String key, Duration margin, InstantSource clock) {
        return new GpgSigner(new GpgPolicy("gpg", Optional.of(home), key, margin), clock);
    }

    private static void refused(Signer signer, String... parts) {
        assertThatThrownBy(signer::usableKey)
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.FACTORY, StageFailure::blame)
                .extracting(failure -> failure.getMessage() + " | " + failure.mend())
                .asString()
                .contains(parts);
    }
}
