package org.ifaas.release.openpgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.program.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every signer does, judged by the real gpgv. */
abstract class SignerContract {
    @TempDir
    Path folder;

    Path content;

    /** One whose key is usable. */
    abstract Signer signer() throws Exception;

    @BeforeEach
    void aFile() throws Exception {
        content = Files.write(folder.resolve("image.qcow2"), random(1_500_000));
    }

    @Test
    void itsKeyStaysTheSame() throws Exception {
        var key = signer().usableKey();

        assertThat(signer().usableKey().fingerprint()).isEqualTo(key.fingerprint());
        assertThat(key.fingerprint()).matches("[0-9A-F]{40}");
        assertThat(key.userId()).contains("@example.org");
        assertThat(key.expires()).matches("\\d{4}-\\d\\d-\\d\\d");
        assertThat(key.armored()).contains("BEGIN PGP PUBLIC KEY BLOCK").doesNotContain("Version:");
    }

    @Test
    void gpgvAcceptsTheSignatureOfAMeasuredFile() throws Exception {
        signer().sign(content, new ParallelMeasurer().measure(content));

        assertThat(gpgv().text())
                .contains("GOODSIG", signer().usableKey().userId())
                .containsPattern("VALIDSIG .* " + signer().usableKey().fingerprint());
    }

    @Test
    void oneReadBothMeasuresAndSigns() throws Exception {
        assertThat(signer().sign(content)).isEqualTo(new ParallelMeasurer().measure(content));
        assertThat(gpgv().exitCode()).isZero();
    }

    @Test
    void anEmptyFileCanBeSigned() throws Exception {
        Files.write(content, new byte[0]);
        signer().sign(content);

        assertThat(gpgv().exitCode()).isZero();
    }

    @Test
    void gpgvAcceptsTheSignatureOfAShortContent() throws Exception {
        Files.writeString(content, "a statement");
        Files.writeString(
                Path.of(content + ".asc"), signer().signature("a statement".getBytes(StandardCharsets.UTF_8)));

        assertThat(gpgv().text())
                .contains("GOODSIG")
                .containsPattern("VALIDSIG .* " + signer().usableKey().fingerprint());
    }

    @Test
    void signingAgainReplacesTheSignature() throws Exception {
        signer().sign(content);
        Files.writeString(content, "another");
        signer().sign(content);

        assertThat(gpgv().exitCode()).isZero();
    }

    @Test
    void aChangedContentIsNeitherSignedNorAccepted() throws Exception {
        var measured = new ParallelMeasurer().measure(content);
        signer().sign(content, measured);
        var changed = Files.readAllBytes(content);
        changed[700_000] ^= 1;
        Files.write(content, changed);

        assertThat(gpgv().text()).contains("BADSIG");
        Files.delete(Path.of(content + ".asc"));
        assertThatThrownBy(() -> signer().sign(content, measured))
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.FACTORY, StageFailure::blame)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("image.qcow2", measured.digests().sha256());
        assertThat(Path.of(content + ".asc")).doesNotExist();
        assertThatThrownBy(() -> signer().sign(content, new Measured(1, measured.digests())))
                .isInstanceOf(StageFailure.class);
    }

    @Test
    void aMissingFileIsAnErrorAndLeavesNothing() {
        var missing = folder.resolve("missing");

        assertThatThrownBy(() -> signer().sign(missing)).isInstanceOf(IOException.class);
        assertThat(folder.resolve("missing.asc")).doesNotExist();
    }

    Program.Ended gpgv() throws Exception {
        return gpgv(signer());
    }

    Program.Ended gpgv(Signer signer) throws Exception {
        PublicKeyFiles.write(folder, signer.usableKey().armored());
        var keyring = folder.resolve(PublicKeyFiles.KEYRING).toString();
        return Program.run(
                folder,
                Map.of("HOME", folder.toString()),
                List.of("gpgv", "--status-fd", "1", "--keyring", keyring, content + ".asc", content.toString()));
    }

    static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
