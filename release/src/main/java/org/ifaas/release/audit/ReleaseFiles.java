package org.ifaas.release.audit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.signing.Sealer;

/** The files of a release folder, and the names with a meaning of their own among them. */
public final class ReleaseFiles {
    public static final String FILES = "files";
    public static final String AUDIT = "AUDIT.hashdeep";
    public static final String CHECKSUMS = "SHA256SUMS";
    public static final String CHECKSUMS_SIGNATURE = "SHA256SUMS.asc";

    /** How the files of signed statements end. */
    public static final String STATEMENT = ".intoto.json";

    private ReleaseFiles() {}

    /**
     * Paths relative to {@code release} with {@code /}, of all files below one of its folders, sorted.
     *
     * @throws IOException when there is something else than plain files and folders, which a customer's tools would follow or
     *     hang on, or a name that they can't list
     */
    public static List<String> below(Path release, String folder) throws IOException {
        var names = new ArrayList<String>();
        Files.walkFileTree(release.resolve(folder), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isRegularFile()) {
                    throw new IOException(file + " is neither a plain file nor a folder");
                }
                var name = release.relativize(file).toString();
                if (!name.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\\')) {
                    throw new IOException("a release can't hold the name " + name.replaceAll("[^ -~]", "?"));
                }
                names.add(name);
                return FileVisitResult.CONTINUE;
            }
        });
        return names.stream().sorted().toList();
    }

    /** Those that {@code SHA256SUMS} must list: all but itself, its signature, and what is stated after the seal. */
    public static List<String> toBeCovered(Path release) throws IOException {
        var sealOnly = Set.of(CHECKSUMS, CHECKSUMS_SIGNATURE);
        return below(release, "").stream()
                .filter(name -> !sealOnly.contains(name) && !isStatement(name))
                .toList();
    }

    private static boolean isStatement(String name) {
        return name.startsWith(Sealer.STATEMENTS + "/") && name.endsWith(STATEMENT);
    }
}
