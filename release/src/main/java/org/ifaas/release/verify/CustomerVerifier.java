package org.ifaas.release.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.signing.Verifier;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.openpgp.PublicKeyFiles;
import org.ifaas.release.program.Program;

/** Runs the very command lines of docs/verify.md in the release's folder. */
public final class CustomerVerifier implements Verifier {
    /** What lies there against what is listed; nothing of the release is part of this line. */
    private static final String UNCOVERED =
            "find . ! -type d ! -path ./SHA256SUMS ! -path ./SHA256SUMS.asc -printf '%P\\n'"
                    + " | LC_ALL=C sort | diff - <(cut -c67- SHA256SUMS | LC_ALL=C sort)";

    private final Set<String> fingerprints;

    /** Takes the key that a release brings along: shows that it is whole, not whose it is. */
    public CustomerVerifier() {
        this(Set.of());
    }

    /** @param fingerprints of the keys that may have signed; an empty set accepts the key that a release brings along */
    public CustomerVerifier(Set<String> fingerprints) {
        this.fingerprints = fingerprints.stream()
                .map(fingerprint -> fingerprint.replace(" ", "").toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public List<Check> verify(Path release) throws IOException, InterruptedException {
        var checks = new ArrayList<Check>();
        checks.add(signature(release, ReleaseFiles.CHECKSUMS));
        checks.add(
                run(release, "every file is what SHA256SUMS says", words("sha256sum -c --strict --quiet SHA256SUMS")));
        checks.add(covered(release));
        checks.add(run(release, "the audit set fits files/", words("hashdeep -r -l -a -k AUDIT.hashdeep files")));
        for (var name : signedFiles(release)) {
            checks.add(signature(release, name));
        }
        return checks;
    }

    private static List<String> signedFiles(Path release) throws IOException {
        var files = release.resolve(ReleaseFiles.FILES);
        if (!Files.isDirectory(files)) {
            return List.of();
        }
        try (var paths = Files.walk(files)) {
            return paths.map(path -> release.relativize(path).toString())
                    .filter(name -> name.endsWith(".asc"))
                    .map(name -> name.substring(0, name.length() - ".asc".length()))
                    .filter(name -> Files.exists(release.resolve(name)))
                    .sorted()
                    .toList();
        }
    }

    private Check signature(Path release, String name) throws IOException, InterruptedException {
        var command = new ArrayList<>(words("gpgv --status-fd 1 --keyring ./" + PublicKeyFiles.KEYRING));
        command.addAll(List.of(name + ".asc", name));
        var title = "the signature of " + name + " is good";
        var ended = ended(release, command);
        var status = SignatureStatus.parse(ended.output());
        var signer = status.fingerprint().orElse("");
        var pinned = fingerprints.isEmpty() || fingerprints.contains(signer);
        var output = pinned || signer.isEmpty()
                ? ended.text()
                : "signed by %s, not by %s\n%s".formatted(signer, String.join(" or ", fingerprints), ended.text());
        return new Check(title, typed(command), ended.well() && status.good() && pinned, output);
    }

    private static Check covered(Path release) throws IOException, InterruptedException {
        var ended = ended(release, List.of("bash", "-o", "pipefail", "-c", UNCOVERED));
        return new Check("SHA256SUMS covers every file", UNCOVERED, ended.well(), ended.text());
    }

    private static Check run(Path release, String title, List<String> command)
            throws IOException, InterruptedException {
        var ended = ended(release, command);
        return new Check(title, typed(command), ended.well(), ended.text());
    }

    private static Program.Ended ended(Path release, List<String> command) throws IOException, InterruptedException {
        try {
            return Program.run(release, Map.of(), command);
        } catch (IOException missing) {
            return new Program.Ended(127, "", command.getFirst() + " can't be run: " + missing.getMessage());
        }
    }

    private static List<String> words(String command) {
        return List.of(command.split(" "));
    }

    /** As a customer types it in a shell. */
    private static String typed(List<String> command) {
        return command.stream().map(CustomerVerifier::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./+:@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
