package org.ifaas.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.ArtifactStoreContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends ArtifactStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path temporary;

    private DirectoryStore store;

    @BeforeEach
    void make() {
        store = store(WritableFile::open);
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    private DirectoryStore store(WritableFile.Opener opener) {
        return new DirectoryStore(
                temporary.resolve("a/store"), new StorePolicy(Duration.ofDays(1), 0), InstantSource.fixed(NOW), opener);
    }

    @Test
    void a_full_disk_is_named_and_leaves_nothing() throws IOException {
        put("a/b", "old");
        var full = store(path -> new Failing(WritableFile.open(path), 100, "No space left on device"));
        assertThatThrownBy(() -> {
                    try (var out = full.create("a/b")) {
                        for (int i = 0; i < 20; i++) {
                            out.write(new byte[10]);
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "the artifact store is full: a/b did not fit, 100 bytes of it were written. Make space");
        assertThat(text("a/b")).isEqualTo("old");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void a_write_that_fails_is_not_mended_by_closing() throws IOException {
        var torn = store(path -> new Failing(WritableFile.open(path), 0, "Input/output error"));
        OutputStream out = torn.create("a/b");
        assertThatThrownBy(() -> out.write(1)).hasMessage("the artifact store can't write a/b: Input/output error");
        out.close();
        assertThat(store.exists("a/b")).isFalse();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void what_cannot_be_made_durable_does_not_appear() throws IOException {
        var undurable = store(path -> new Failing(WritableFile.open(path), 100, "Input/output error") {
            @Override
            public void force() throws IOException {
                throw new IOException("Input/output error");
            }
        });
        var out = undurable.create("a/b");
        out.write(1);
        assertThatThrownBy(out::close).isInstanceOf(IOException.class);
        assertThat(store.exists("a/b")).isFalse();
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void what_a_crash_has_left_is_removed_once_it_is_old() throws IOException {
        var old = Files.createDirectories(unfinishedFolder().resolve("old/folder"));
        Files.writeString(old.resolve("file"), "x");
        Files.setLastModifiedTime(unfinishedFolder().resolve("old"), FileTime.from(NOW.minus(Duration.ofDays(2))));
        var young = Files.writeString(unfinishedFolder().resolve("young"), "x");
        Files.setLastModifiedTime(young, FileTime.from(NOW.minus(Duration.ofHours(2))));
        store(WritableFile::open);
        assertThat(unfinished()).containsExactly("young");
    }

    @Test
    void a_link_that_leads_out_of_the_store_is_not_followed() throws IOException {
        var secret = Files.writeString(temporary.resolve("secret"), "x");
        Files.createDirectories(store.path("a"));
        Files.createSymbolicLink(store.path("a/link"), secret);
        assertThatThrownBy(() -> store.open("a/link").close()).isInstanceOf(IOException.class);
        assertThat(store.list("a")).isEmpty();
        store.delete("a");
        assertThat(secret).exists();
    }

    @Test
    void what_is_written_under_another_name_first_is_not_listed() throws Exception {
        put("a/b", "whole");
        Files.writeString(store.path("a").resolve(".b.5aab0210"), "half");
        assertThat(store.list("a")).containsExactly("a/b");
    }

    /** The release's folder is sealed by programs of its own, while people look at it. */
    @Test
    void a_list_is_to_be_had_while_files_come_and_go() throws Exception {
        put("a/b", "stays");
        var folder = store.path("a");
        try (var others = Executors.newSingleThreadExecutor()) {
            var writing = others.submit(() -> {
                for (int i = 0; i < 5_000; i++) {
                    var file = Files.writeString(folder.resolve("c" + i % 50), "goes");
                    Files.delete(file);
                }
                return null;
            });
            while (!writing.isDone()) {
                assertThat(store.list("a")).contains("a/b");
            }
            writing.get();
        }
    }

    @Test
    void the_last_of_many_writers_wins_whole() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream.range(0, 8)
                    .mapToObj(i -> (Callable<Void>) () -> {
                        put("a/b", String.valueOf(i).repeat(10_000));
                        return null;
                    })
                    .toList();
            for (var done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
        assertThat(text("a/b")).hasSize(10_000).matches("(.)\\1*");
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void without_space_beyond_the_reserve_it_is_not_available() {
        var store = new DirectoryStore(
                temporary.resolve("b"), new StorePolicy(Duration.ofDays(1), Long.MAX_VALUE), InstantSource.system());
        assertThat(store.availability().available()).isFalse();
        assertThat(store.availability().detail()).endsWith("is full");
    }

    @Test
    void what_is_kept_free_is_for_small_files() throws IOException {
        var store = new DirectoryStore(
                temporary.resolve("a/store"),
                new StorePolicy(Duration.ofDays(1), Long.MAX_VALUE),
                InstantSource.system());
        assertThatThrownBy(() -> {
                    try (var out = store.create("a/large")) {
                        for (int i = 0; i < 8; i++) {
                            out.write(new byte[Reserving.STEP / 4]);
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "the artifact store is full: a/large did not fit, 3145728 bytes of it were written");
        assertThat(unfinished()).isEmpty();
        try (var out = store.create("a/small")) {
            out.write(new byte[Reserving.STEP / 4]);
        }
        assertThat(store.size("a/small")).isEqualTo(Reserving.STEP / 4);
    }

    private Path unfinishedFolder() {
        return temporary.resolve("a/store/.unfinished");
    }

    private List<String> unfinished() throws IOException {
        try (var files = Files.list(unfinishedFolder())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** A file on a disk that has room for so many bytes. */
    private static class Failing implements WritableFile {
        private final WritableFile file;
        private final String message;
        private long left;

        Failing(WritableFile file, long left, String message) {
            this.file = file;
            this.left = left;
            this.message = message;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > left) {
                throw new IOException(message);
            }
            left -= bytes.remaining();
            file.write(bytes);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
