package org.ifaas.factory.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every artifact store has to keep. */
public abstract class ArtifactStoreContract {
    /** An empty store, the same one throughout a test. */
    protected abstract ArtifactStore store();

    @Test
    protected void what_was_created_can_be_read() throws IOException {
        var content = new byte[300_000];
        new Random(1).nextBytes(content);
        try (var out = store().create("releases/a/1/files/image.qcow2")) {
            out.write(content[0]);
            out.write(content, 1, 99_999);
            out.write(Arrays.copyOfRange(content, 100_000, content.length));
        }
        assertThat(store().exists("releases/a/1/files/image.qcow2")).isTrue();
        assertThat(store().size("releases/a/1/files/image.qcow2")).isEqualTo(300_000);
        try (var in = store().open("releases/a/1/files/image.qcow2")) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(Files.readAllBytes(store().path("releases/a/1/files/image.qcow2")))
                .isEqualTo(content);
    }

    @Test
    protected void nothing_appears_before_it_is_closed() throws IOException {
        try (var out = store().create("a/b")) {
            out.write(1);
            assertThat(store().exists("a/b")).isFalse();
            assertThat(store().list("a")).isEmpty();
        }
        assertThat(store().list("a")).containsExactly("a/b");
    }

    @Test
    protected void what_is_there_stays_until_its_successor_is_whole() throws IOException {
        put("a/b", "old");
        var out = store().create("a/b");
        out.write("new".getBytes(UTF_8));
        assertThat(text("a/b")).isEqualTo("old");
        out.close();
        assertThat(text("a/b")).isEqualTo("new");
    }

    @Test
    protected void what_is_abandoned_never_appears() throws IOException {
        put("a/b", "old");
        for (var key : new String[] {"a/b", "a/c"}) {
            try (var out = store().create(key)) {
                out.write(1);
                out.abandon();
                assertThatThrownBy(() -> out.write(2)).isInstanceOf(IOException.class);
            }
        }
        assertThat(text("a/b")).isEqualTo("old");
        assertThat(store().list("a")).containsExactly("a/b");
    }

    @Test
    protected void closing_twice_and_abandoning_late_change_nothing() throws IOException {
        var out = store().create("a");
        out.write("x".getBytes(UTF_8));
        out.close();
        put("a", "y");
        out.close();
        out.abandon();
        assertThat(text("a")).isEqualTo("y");
    }

    @Test
    protected void an_empty_file_is_a_file() throws IOException {
        store().create("a/empty").close();
        assertThat(store().size("a/empty")).isZero();
    }

    @Test
    protected void files_are_listed_sorted_below_their_folder() throws IOException {
        for (var key : new String[] {"r/b/2", "r/a", "r/b/1", "rr/x", "r/b.x"}) {
            put(key, "x");
        }
        assertThat(store().list("r")).containsExactly("r/a", "r/b.x", "r/b/1", "r/b/2");
        assertThat(store().list("r/b")).containsExactly("r/b/1", "r/b/2");
        assertThat(store().list("nowhere")).isEmpty();
    }

    @Test
    protected void a_file_or_a_whole_folder_is_deleted() throws IOException {
        for (var key : new String[] {"r/b/2", "r/a", "r/b/1"}) {
            put(key, "x");
        }
        store().delete("r/a");
        assertThat(store().list("r")).containsExactly("r/b/1", "r/b/2");
        store().delete("r/b");
        assertThat(store().exists("r/b")).isFalse();
        store().delete("r/b");
        assertThat(store().list("r")).isEmpty();
    }

    @Test
    protected void what_is_not_there_cannot_be_opened() throws IOException {
        put("a/b", "x");
        assertThat(store().exists("a/c")).isFalse();
        assertThatThrownBy(() -> store().open("a/c").close()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store().open("a").close()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> store().size("a/c")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../x",
                "a/../../x",
                "a/..",
                "a//b",
                "a/",
                "./a",
                ".x",
                "a/.x",
                "a\nb",
                "a\u0000b",
                "a b",
                "-a",
                "a\\b",
                "ä"
            })
    protected void a_key_that_could_leave_the_store_is_refused(String key) {
        assertThatThrownBy(() -> store().create(key).close()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().open(key).close()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().exists(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().size(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().list(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().delete(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().path(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    protected void it_is_available_and_has_space() throws IOException {
        assertThat(store().availability().available()).isTrue();
        assertThat(store().free()).isPositive();
    }

    protected final void put(String key, String text) throws IOException {
        try (var out = store().create(key)) {
            out.write(text.getBytes(UTF_8));
        }
    }

    protected final String text(String key) throws IOException {
        try (var in = store().open(key)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
