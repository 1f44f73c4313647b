package org.ifaas.sources;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds changes in a person's own checkout that are not committed and so are not built. It compares the files itself:
 * {@code git status} would run filters and monitors that the checkout's configuration names.
 */
final class Uncommitted {
    private static final Pattern PASSING = Pattern.compile("\\..*|.*(~|\\.swp|\\.orig|\\.rej|\\.pyc)|__pycache__");
    private static final int MOST_FILES = 10_000;

    private Uncommitted() {}

    /** A sentence, or none; also none where the repository is no checkout on this machine. */
    static List<String> in(GitRepository repository, GitTree tree, String image) throws IOException {
        var url = repository.url().startsWith("file://") ? repository.url().substring(7) : repository.url();
        if (!url.startsWith("/") || !Files.exists(Path.of(url, ".git"))) {
            return List.of();
        }
        var folder = repository.path().isEmpty() ? Path.of(url) : Path.of(url).resolve(repository.path());
        var others = new HashSet<>(tree.images());
        others.remove(image);
        var changed = new ArrayList<String>();
        for (var entry : tree.entries().entrySet()) {
            if (concerns(entry.getKey(), others)
                    && entry.getValue().isFile()
                    && !same(folder.resolve(entry.getKey()), entry.getValue())) {
                changed.add(entry.getKey());
            }
        }
        for (var path : files(folder)) {
            if (concerns(path, others) && path.contains("/") && !tree.entries().containsKey(path)) {
                changed.add(path);
            }
        }
        if (changed.isEmpty()) {
            return List.of();
        }
        var few = changed.stream().limit(5).map(Problem::shown).toList();
        return List.of("changes in " + folder + " that are not committed are not built: " + String.join(", ", few)
                + (changed.size() > few.size() ? " and " + (changed.size() - few.size()) + " more" : "")
                + ". Commit them first.");
    }

    /** Its own files, and those that definitions share; not what belongs to another definition. */
    private static boolean concerns(String path, Set<String> others) {
        return !others.contains(path.substring(0, Math.max(0, path.indexOf('/'))));
    }

    private static List<String> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var walk = Files.walk(folder)) {
            return walk.limit(MOST_FILES)
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(folder::relativize)
                    .filter(file -> {
                        for (var part : file) {
                            if (PASSING.matcher(part.toString()).matches()) {
                                return false;
                            }
                        }
                        return true;
                    })
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    private static boolean same(Path file, GitTree.Entry entry) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != entry.size()) {
            return false;
        }
        try {
            var digest = MessageDigest.getInstance(entry.id().length() == 64 ? "SHA-256" : "SHA-1");
            digest.update(("blob " + entry.size() + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of()
                    .formatHex(digest.digest(Files.readAllBytes(file)))
                    .equals(entry.id());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
