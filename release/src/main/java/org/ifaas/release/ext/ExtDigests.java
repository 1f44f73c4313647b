package org.ifaas.release.ext;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.ifaas.release.digest.Algorithm;

/** MD5 and SHA-256 of the files of a file system, each read once, several files at a time. */
public final class ExtDigests {
    private final ExtFileSystem fileSystem;
    private final List<Inode> files;
    private final AtomicInteger nextFile = new AtomicInteger();

    /** @param size in bytes; digests in lower-case hexadecimal */
    public record Digested(long size, String md5, String sha256) {}

    private ExtDigests(ExtFileSystem fileSystem, List<Inode> files) {
        this.fileSystem = fileSystem;
        this.files = files;
    }

    /**
     * By inode number.
     *
     * @param mostBytes the sum of sizes that may be read; sparse files can claim any size
     */
    public static Map<Long, Digested> of(ExtFileSystem fileSystem, ExtTree tree, long mostBytes)
            throws IOException, InterruptedException {
        var left = mostBytes;
        for (var inode : tree.inodes().values()) {
            left -= inode.size();
            if (left < 0) {
                throw new DamagedFileSystem("its files claim more than %d bytes".formatted(mostBytes));
            }
        }
        // The biggest first, so that no thread is left alone with one at the end.
        var files = tree.inodes().values().stream()
                .sorted(Comparator.comparingLong(Inode::size).reversed())
                .toList();
        return new ExtDigests(fileSystem, files).all();
    }

    private Map<Long, Digested> all() throws IOException, InterruptedException {
        var threads = Math.max(1, Math.min(files.size(), Runtime.getRuntime().availableProcessors()));
        var byInode = new HashMap<Long, Digested>();
        try (var pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("audit-", 0).factory())) {
            var shares = new ArrayList<Callable<Map<Long, Digested>>>();
            for (var i = 0; i < threads; i++) {
                shares.add(this::share);
            }
            for (var share : pool.invokeAll(shares)) {
                byInode.putAll(share.get());
            }
            return byInode;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private Map<Long, Digested> share() throws IOException {
        var md5 = Algorithm.MD5.start();
        var sha256 = Algorithm.SHA256.start();
        var share = new HashMap<Long, Digested>();
        for (var i = nextFile.getAndIncrement(); i < files.size(); i = nextFile.getAndIncrement()) {
            var file = files.get(i);
            fileSystem.digest(file, List.of(md5, sha256));
            share.put(file.number(), new Digested(file.size(), hex(md5), hex(sha256)));
        }
        return share;
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
