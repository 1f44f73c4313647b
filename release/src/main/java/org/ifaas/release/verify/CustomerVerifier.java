package org.ifaas.release.verify;

import static org.ifaas.factory.signing.Sealer.PROVENANCE;
import static org.ifaas.factory.signing.Sealer.STATEMENTS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ifaas.factory.signing.Verifier;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.openpgp.PublicKeyFiles;
import org.ifaas.release.program.Program;

/** Runs the very command lines of docs/verify.md in the release's folder. */
public final class CustomerVerifier implements Verifier {
    /** What lies there against what is listed; nothing of the release is part of this line. */
    private static final String UNCOVERED =
            "find . ! -type d ! -path ./SHA256SUMS ! -path ./SHA256SUMS.asc ! -path './statements/*.intoto.json'"
                    + " -printf '%P\\n' | LC_ALL=C sort | diff - <(cut -c67- SHA256SUMS | LC_ALL=C sort)";

    private static final String GPGV = "gpgv --status-fd 1 --keyring ./" + PublicKeyFiles.KEYRING + " ";

    private static final String SUBJECT =
            "statement | jq -r '.subject[] | \"\\(.digest.sha256)  files/\\(.name)\"'" + " | grep -Fx -f - SHA256SUMS";

    private static final String CONVERTED_FROM =
            "statement | jq -r '.predicate.convertedFrom | \"\\(.digest.sha256)  files/\\(.name)\"'"
                    + " | grep -Fx -f - SHA256SUMS";

    private static final String OF_RELEASE =
            "statement | jq -r '\"\\(.predicate.release.digest.sha256)  SHA256SUMS\"' | sha256sum -c --strict --quiet";

    /** A shell's exit code for a program that isn't there. */
    private static final int NOT_FOUND = 127;

    private static final String CHANGED = "Don't use this release: fetch it again, or ask who signed it.";

    private static final String SIGNED_ANEW =
            "Don't use or publish this release: somebody who can write to its folder has signed it with a key of their own."
                    + " Find out who, and build it again.";

    @Override
    public List<Check> verify(Path release, String fingerprint) throws IOException, InterruptedException {
        var checks = new ArrayList<Check>();
        checks.add(signature(release, ReleaseFiles.CHECKSUMS, fingerprint));
        checks.add(
                run(release, "every file is what SHA256SUMS says", words("sha256sum -c --strict --quiet SHA256SUMS")));
        checks.add(shell(release, "SHA256SUMS covers every file", UNCOVERED));
        checks.add(run(release, "the audit set fits files/", words("hashdeep -r -l -a -k AUDIT.hashdeep files")));
        for (var name : signedFiles(release)) {
            checks.add(signature(release, name, fingerprint));
        }
        // Releases of an older factory have none. SHA256SUMS tells one that was taken away.
        if (Files.exists(release.resolve(PROVENANCE))) {
            checks.add(signed(release, "the signature of the provenance is good", PROVENANCE, fingerprint));
            checks.add(shell(release, "the provenance speaks of this image", statement(PROVENANCE) + SUBJECT));
        }
        for (var file : statements(release)) {
            checks.add(signed(release, "the signature of " + file + " is good", file, fingerprint));
            checks.add(shell(release, file + " speaks of this image", statement(file) + CONVERTED_FROM));
            checks.add(shell(release, file + " speaks of this release", statement(file) + OF_RELEASE));
        }
        return checks;
    }

    private static String statement(String file) {
        return "statement() { jq -r .payload " + quoted(file) + " | base64 -d; }; ";
    }

    private static Check signed(Path release, String title, String file, String fingerprint)
            throws IOException, InterruptedException {
        var line = statement(file)
                + GPGV
                + ("<(jq -r '.signatures[0].sig' " + quoted(file) + " | base64 -d)")
                + " <(printf 'DSSEv1 28 application/vnd.in-toto+json %d ' \"$(statement | wc -c)\"; statement)";
        return signature(title, line, ended(release, bash(line)), fingerprint);
    }

    /** Others than those that end so, no seal covers and {@link #UNCOVERED} tells. */
    private static List<String> statements(Path release) throws IOException {
        if (!Files.isDirectory(release.resolve(STATEMENTS))) {
            return List.of();
        }
        try (var paths = Files.walk(release.resolve(STATEMENTS))) {
            return paths.map(path -> release.relativize(path).toString())
                    .filter(name -> name.endsWith(ReleaseFiles.STATEMENT))
                    .sorted()
                    .toList();
        }
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

    private static Check signature(Path release, String name, String fingerprint)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(words(GPGV.strip()));
        command.addAll(List.of(name + ".asc", name));
        var ended = ended(release, command);
        return signature("the signature of " + name + " is good", typed(command), ended, fingerprint);
    }

    private static Check signature(String title, String command, Program.Ended ended, String fingerprint) {
        var status = SignatureStatus.parse(ended.output());
        var signer = status.fingerprint().orElse("");
        if (!signer.isEmpty() && !signer.equals(fingerprint)) {
            var output =
                    "signed by %s, but this factory signed it by %s\n%s".formatted(signer, fingerprint, ended.text());
            return new Check(title, command, false, output, SIGNED_ANEW);
        }
        return check(title, command, ended.well() && status.good(), ended);
    }

    private static Check shell(Path release, String title, String line) throws IOException, InterruptedException {
        var ended = ended(release, bash(line));
        return check(title, line, ended.well(), ended);
    }

    private static Check run(Path release, String title, List<String> command)
            throws IOException, InterruptedException {
        var ended = ended(release, command);
        return check(title, typed(command), ended.well(), ended);
    }

    private static Check check(String title, String command, boolean passed, Program.Ended ended) {
        var mend = ended.exitCode() == NOT_FOUND
                ? "Install what is missing: 'ifaas doctor' says where it comes from."
                : CHANGED;
        return new Check(title, command, passed, ended.text(), passed ? "" : mend);
    }

    private static Program.Ended ended(Path release, List<String> command) throws IOException, InterruptedException {
        try {
            return Program.run(release, Map.of(), command);
        } catch (IOException missing) {
            return new Program.Ended(NOT_FOUND, "", command.getFirst() + " can't be run: " + missing.getMessage());
        }
    }

    private static List<String> bash(String line) {
        return List.of("bash", "-o", "pipefail", "-c", line);
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
