package org.ifaas.release.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.DetachedSignature;

/**
 * A seal made before. What comes after sealing names its digest, so that an intact one must not be replaced by another that
 * says the same.
 */
record StandingSeal(Path folder, Signer.Key key, Measurer measurer) {
    /** SHA-256 of its checksums; empty when there is none, or it no longer fits what lies in the folder. */
    Optional<String> checksums(Sealer.Contents contents) throws IOException {
        var checksums = folder.resolve(ReleaseFiles.CHECKSUMS);
        var signature = folder.resolve(ReleaseFiles.CHECKSUMS_SIGNATURE);
        if (!Files.exists(checksums) || !Files.exists(signature)) {
            return Optional.empty();
        }
        var text = Files.readString(checksums);
        var sums = parse(text);
        var signed = DetachedSignature.verifies(Files.readAllBytes(signature), Files.readAllBytes(checksums), key);
        return signed
                        && sums.keySet()
                                .containsAll(contents.detached().stream()
                                        .map(name -> name + ".asc")
                                        .toList())
                        && sums.keySet().equals(Set.copyOf(ReleaseFiles.toBeCovered(folder)))
                        && new Envelope(contents.provenance()).isIn(folder.resolve(Sealer.PROVENANCE))
                        && agree(sums, contents.known())
                ? Optional.of(Sha256.of(text))
                : Optional.empty();
    }

    private boolean agree(Map<String, String> sums, Map<String, Measured> known) throws IOException {
        for (var sum : sums.entrySet()) {
            var expected = known.get(sum.getKey());
            if (expected != null && !expected.digests().sha256().equals(sum.getValue())) {
                return false;
            }
            var found = measurer.measure(folder.resolve(sum.getKey()));
            if (!found.digests().sha256().equals(sum.getValue())) {
                return false;
            }
        }
        return true;
    }

    static Map<String, String> parse(String checksums) {
        var sums = new HashMap<String, String>();
        checksums
                .lines()
                .filter(line -> line.length() > 66)
                .forEach(line -> sums.put(line.substring(66), line.substring(0, 64)));
        return sums;
    }
}
