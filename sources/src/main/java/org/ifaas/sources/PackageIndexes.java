package org.ifaas.sources;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Lists of packages, kept by the digest that the suite's signed Release file gives: what is here needs no download, and
 * what changes has another name.
 */
final class PackageIndexes {
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int XZ_MEMORY_KIB = 128 * 1024;

    private final Path folder;
    private final Download download;
    private final long mostBytes;
    private final InstantSource clock;

    PackageIndexes(Path folder, Download download, long mostBytes, InstantSource clock) {
        this.folder = folder;
        this.download = download;
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /**
     * @param byPath its name tells how it is compressed
     * @param byHash where no update of the mirror can come between; null when the archive has none
     */
    record Index(URI byPath, @Nullable URI byHash, ReleaseFile.Entry entry) {}

    /** Puts the versions of wanted packages into {@code into}, where they are higher than what is there. */
    void collect(Index index, Set<String> wanted, Map<String, DebianVersion> into)
            throws IOException, InterruptedException {
        var kept = folder.resolve(index.entry().sha256() + ".versions");
        if (!Files.exists(kept)) {
            fetch(index, kept);
        }
        Files.setLastModifiedTime(kept, FileTime.from(clock.instant()));
        try (var lines = Files.lines(kept)) {
            lines.forEach(line -> {
                int space = line.indexOf(' ');
                var name = line.substring(0, space);
                if (wanted.contains(name)) {
                    into.merge(name, new DebianVersion(line.substring(space + 1)), PackageIndexes::higher);
                }
            });
        }
    }

    private static DebianVersion higher(DebianVersion a, DebianVersion b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private void fetch(Index index, Path kept) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        forgetOld();
        var downloaded = Files.createTempFile(folder, "index", ".download");
        var written = Files.createTempFile(folder, "index", ".temporary");
        try {
            Files.delete(downloaded);
            download(index, downloaded);
            var sha256 = sha256(downloaded);
            if (!sha256.equals(index.entry().sha256())) {
                throw new IOException("its sha256 is " + sha256 + " instead of "
                        + index.entry().sha256() + ": the mirror is being updated, or damaged");
            }
            try (var in = uncompressed(index.byPath().getPath(), Files.newInputStream(downloaded));
                    var out = Files.newBufferedWriter(written)) {
                write(parse(new Bounded(in, mostBytes)), out);
            }
            Files.move(written, kept, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(downloaded);
            Files.deleteIfExists(written);
        }
    }

    /** Partial mirrors do without the files by hash. */
    private void download(Index index, Path to) throws IOException, InterruptedException {
        if (index.byHash() != null) {
            try {
                download.file(index.byHash(), to, index.entry().size());
                return;
            } catch (FileNotFoundException e) {
                // by path, then
            }
        }
        download.file(index.byPath(), to, index.entry().size());
    }

    private void forgetOld() throws IOException {
        var before = clock.instant().minus(KEPT);
        try (var files = Files.newDirectoryStream(folder, "{index*,*.versions}")) {
            for (var file : files) {
                forget(file, before);
            }
        }
    }

    private static void forget(Path file, Instant before) throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            // Another list that is fetched beside this one had it for a moment.
        }
    }

    private static InputStream uncompressed(String path, InputStream in) throws IOException {
        return path.endsWith(".xz")
                ? new XZInputStream(in, XZ_MEMORY_KIB)
                : path.endsWith(".gz") ? new GZIPInputStream(in, 64 * 1024) : in;
    }

    private static Map<String, DebianVersion> parse(InputStream index) throws IOException {
        var versions = new HashMap<String, DebianVersion>();
        var lines = new BufferedReader(new InputStreamReader(index, StandardCharsets.UTF_8), 64 * 1024);
        var name = "";
        for (String line; (line = lines.readLine()) != null; ) {
            if (line.startsWith("Package: ")) {
                name = line.substring("Package: ".length()).strip();
            } else if (line.startsWith("Version: ") && !name.isEmpty() && name.indexOf(' ') < 0) {
                var version =
                        new DebianVersion(line.substring("Version: ".length()).strip());
                versions.merge(name, version, PackageIndexes::higher);
            } else if (line.isEmpty()) {
                name = "";
            }
        }
        return versions;
    }

    private static void write(Map<String, DebianVersion> versions, BufferedWriter out) throws IOException {
        for (var entry : versions.entrySet()) {
            out.write(entry.getKey() + " " + entry.getValue() + "\n");
        }
    }

    private static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps a small file from becoming a huge one, or a line from filling the memory. */
    private static final class Bounded extends FilterInputStream {
        private static final int LONGEST_LINE = 1 << 20;
        private long left;
        private int line;

        Bounded(InputStream in, long most) {
            super(in);
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            left -= Math.max(0, n);
            for (int i = 0; i < n; i++) {
                line = bytes[offset + i] == '\n' ? 0 : line + 1;
            }
            if (left < 0 || line > LONGEST_LINE) {
                throw new IOException("it is larger than any list of packages is, once uncompressed");
            }
            return n;
        }
    }
}
