package org.ifaas.release.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.signing.Auditor;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.file.WholeFile;
import org.ifaas.release.openpgp.NotAsMeasured;
import org.ifaas.release.openpgp.PublicKeyFiles;
import org.jspecify.annotations.Nullable;

/**
 * Seals in the order of trust: detached signatures beside their files, the signed provenance, the public key, the audit set
 * over {@code files/}, the checksums over all of these, and last the signature that stands for everything. A seal of the same key over the same
 * content stays as it is.
 */
public final class ReleaseSealer implements Sealer {
    private final Signer signer;
    private final Auditor auditor;
    private final Measurer measurer;

    public ReleaseSealer(Signer signer, Auditor auditor, Measurer measurer) {
        this.signer = signer;
        this.auditor = auditor;
        this.measurer = measurer;
    }

    @Override
    public Seal seal(Path folder, Contents contents, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        checkNames(folder);
        var key = signer.usableKey();
        var standing = new StandingSeal(folder, key, measurer).checksums(contents);
        if (standing.isPresent()) {
            log.line("the release is sealed already by %s", key.fingerprint());
            return new Seal(standing.get(), key.fingerprint());
        }
        return signed(folder, contents, key, log);
    }

    @Override
    public Seal reseal(Path folder, Standing standing, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        EarlierSeal.removeUnfinished(folder);
        checkNames(folder);
        if (!Files.exists(folder.resolve(PROVENANCE))) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "release %s has no provenance that could be signed anew".formatted(folder),
                    "Build the image again.");
        }
        var key = signer.usableKey();
        var earlier = new EarlierSeal(folder, standing.seal().checksumsSha256(), measurer);
        if (standing.seal().keyFingerprint().equals(key.fingerprint()) && carries(folder, key)) {
            var intact = contents(folder, standing.known());
            if (new StandingSeal(folder, key, measurer).checksums(intact).isPresent()) {
                log.line("the release is sealed by %s, the key of today", key.fingerprint());
                return standing.seal();
            }
        }
        var known = earlier.check(standing.known());
        earlier.keep();
        log.line(
                "%d files are what %s has sealed", known.size(), standing.seal().keyFingerprint());
        var contents = new Contents(known, earlier.detached(), earlier.statement());
        var sealed = carries(folder, key)
                ? new StandingSeal(folder, key, measurer).checksums(contents)
                : Optional.<String>empty();
        return sealed.isPresent() ? new Seal(sealed.get(), key.fingerprint()) : signed(folder, contents, key, log);
    }

    @Override
    public void state(Path folder, String name, String statement, StageLog log) throws StageFailure, IOException {
        var key = signer.usableKey();
        var envelope = new Envelope(statement);
        var file = folder.resolve(STATEMENTS).resolve(name + ReleaseFiles.STATEMENT);
        if (envelope.isIn(file, key)) {
            log.line("%s is signed already by %s", folder.relativize(file), key.fingerprint());
            return;
        }
        Files.createDirectories(folder.resolve(STATEMENTS));
        try (var cut = Files.newDirectoryStream(folder.resolve(STATEMENTS), ".*.part")) {
            for (var left : cut) {
                Files.delete(left);
            }
        }
        WholeFile.write(file, envelope.sign(signer, key.fingerprint()));
        log.line("signed %s", folder.relativize(file));
    }

    /** Of a release that is whole: what its seal is over. */
    private static Contents contents(Path folder, Map<String, Measured> known) throws IOException {
        var detached = ReleaseFiles.below(folder, ReleaseFiles.FILES).stream()
                .filter(name -> Files.exists(folder.resolve(name + ".asc")))
                .toList();
        return new Contents(
                known, detached, Envelope.read(folder.resolve(PROVENANCE)).statement());
    }

    /** Whether the key lies there as it is today: one whose life was prolonged has the same fingerprint. */
    private static boolean carries(Path folder, Signer.Key key) throws IOException {
        var file = folder.resolve(PublicKeyFiles.ARMORED);
        return Files.exists(file) && Files.readString(file).equals(key.armored());
    }

    private Seal signed(Path folder, Contents contents, Signer.Key key, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        breakSeal(folder, contents.detached());
        var measured = signAndMeasure(folder, contents.known(), contents.detached(), log);
        var provenance = new Envelope(contents.provenance()).sign(signer, key.fingerprint());
        WholeFile.write(folder.resolve(PROVENANCE), provenance);
        PublicKeyFiles.write(folder, key.armored());
        auditor.auditRelease(folder, folder.resolve(ReleaseFiles.AUDIT), measured);
        auditor.checksums(folder, measured);
        var checksums =
                signer.sign(folder.resolve(ReleaseFiles.CHECKSUMS)).digests().sha256();
        log.line("sealed by %s; SHA256SUMS has SHA-256 %s", key.fingerprint(), checksums);
        return new Seal(checksums, key.fingerprint());
    }

    /** Every file of {@code files/}, read once: while it is signed, while it is compared, or just to measure it. */
    private Map<Path, Measured> signAndMeasure(
            Path folder, Map<String, Measured> known, List<String> detached, StageLog log)
            throws StageFailure, IOException {
        var measured = new HashMap<Path, Measured>();
        for (var name : detached) {
            var expected = known.get(name);
            if (expected == null) {
                measured.put(folder.resolve(name), signer.sign(folder.resolve(name)));
            } else {
                signer.sign(folder.resolve(name), expected);
                measured.put(folder.resolve(name), expected);
            }
            log.line("signed %s", name);
        }
        for (var name : ReleaseFiles.below(folder, ReleaseFiles.FILES)) {
            var file = folder.resolve(name);
            if (!measured.containsKey(file)) {
                var found = measurer.measure(file);
                compare(file, known.get(name), found);
                measured.put(file, found);
            }
        }
        return measured;
    }

    private static void compare(Path file, @Nullable Measured expected, Measured found) throws StageFailure {
        if (expected != null && !expected.equals(found)) {
            throw NotAsMeasured.failure(
                    file, expected, found.size(), found.digests().sha256());
        }
    }

    /** The signature over everything goes first: without it nothing here is a release. */
    private static void breakSeal(Path folder, List<String> detached) throws IOException {
        for (var name : List.of(ReleaseFiles.CHECKSUMS_SIGNATURE, ReleaseFiles.CHECKSUMS, ReleaseFiles.AUDIT)) {
            Files.deleteIfExists(folder.resolve(name));
        }
        for (var name : detached) {
            Files.deleteIfExists(folder.resolve(name + ".asc"));
        }
    }

    private static void checkNames(Path folder) throws StageFailure {
        try {
            ReleaseFiles.toBeCovered(folder);
        } catch (IOException unfit) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "release %s can't be sealed: %s".formatted(folder, unfit.getMessage()),
                    "remove that from the release's folder, and retry from this stage",
                    unfit);
        }
    }
}
