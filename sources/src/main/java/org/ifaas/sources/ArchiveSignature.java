package org.ifaas.sources;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** Checks the signature of an {@code InRelease} file with {@code gpgv} against the archives' keyrings. */
final class ArchiveSignature {
    private final List<Path> keyrings;
    private final Path folder;

    /** @param folder for temporary files */
    ArchiveSignature(List<Path> keyrings, Path folder) {
        this.keyrings = keyrings;
        this.folder = folder;
    }

    /** @throws StageFailure blaming the FACTORY when a keyring of that distribution's archive is known, and not on this machine */
    void checkKeyring(String distro) throws StageFailure {
        var known = keyrings.stream()
                .filter(keyring -> keyring.getFileName().toString().startsWith(distro + "-archive-keyring."))
                .toList();
        if (!known.isEmpty() && known.stream().noneMatch(Files::isReadable)) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the keyring of its archive is not on this machine: " + known.getFirst(),
                    "apt-get install " + (distro.equals("ubuntu") ? "ubuntu-keyring" : distro + "-archive-keyring"));
        }
    }

    /** The text that is signed; what stands around it in the file is not. */
    String verified(byte[] inRelease, String what) throws StageFailure, IOException, InterruptedException {
        var present = keyrings.stream().filter(Files::isReadable).toList();
        if (present.isEmpty()) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the signature of " + what + " can't be checked: none of these keyrings is here: " + keyrings,
                    "apt-get install debian-archive-keyring");
        }
        var signed = Files.createTempFile(folder, "InRelease", null);
        var text = folder.resolve(signed.getFileName() + ".text");
        try {
            Files.write(signed, inRelease);
            var status = status(present, signed, text);
            if (isGood(status)) {
                return Files.readString(text, StandardCharsets.UTF_8);
            }
            throw new StageFailure(
                    Blame.CLOUD,
                    "the signature of " + what + " is not good: " + why(status),
                    "Use another mirror; if the archive has a new key, update the package with its keyring.");
        } finally {
            Files.deleteIfExists(signed);
            Files.deleteIfExists(text);
        }
    }

    private List<String> status(List<Path> present, Path signed, Path text) throws IOException, InterruptedException {
        var argv = new ArrayList<>(List.of("gpgv", "--homedir", folder.toString(), "--status-fd", "1"));
        present.forEach(keyring ->
                argv.addAll(List.of("--keyring", keyring.toAbsolutePath().toString())));
        argv.addAll(List.of("--output", text.toString(), "--", signed.toString()));
        var output = new Program(argv, folder, Map.of(), Duration.ofMinutes(1), 1 << 20).run(new byte[0]);
        var prefix = "[GNUPG:] ";
        return output.text()
                .lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    /**
     * A suite is signed with several keys, and it is enough to know one. {@code GOODSIG} is only said for a key that has
     * neither expired nor been revoked; gpgv's exit code does not tell.
     */
    private static boolean isGood(List<String> status) {
        return count(status, "GOODSIG ") > 0
                && count(status, "VALIDSIG ") > 0
                && count(status, "BADSIG ") == 0
                && count(status, "PLAINTEXT ") == 1;
    }

    private static long count(List<String> status, String word) {
        return status.stream().filter(line -> line.startsWith(word)).count();
    }

    private static String why(List<String> status) {
        return status.stream()
                .filter(line -> line.matches("(BADSIG|EXPKEYSIG|REVKEYSIG|EXPSIG|NO_PUBKEY|NODATA|ERRSIG) .*"))
                .findFirst()
                .map(line -> Problem.shown(line, 160))
                .orElse("gpgv finds none");
    }
}
