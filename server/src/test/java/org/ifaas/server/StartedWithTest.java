package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartedWithTest {
    private static final String URL = "jdbc:postgresql://db.example.org/ifaas?password=a=b\\c";

    @TempDir
    Path home;

    @Test
    void a_start_without_a_word_means_what_the_last_one_meant() throws Exception {
        StartedWith.of(home).and(URL, Path.of("/etc/ifaas.yaml")).write(home);

        assertThat(StartedWith.of(home).and(null, null)).isEqualTo(new StartedWith(URL, Path.of("/etc/ifaas.yaml")));
        assertThat(StartedWith.of(home).and("jdbc:postgresql://b/ifaas", null).database())
                .isEqualTo("jdbc:postgresql://b/ifaas");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("started-with"))))
                .isEqualTo("rw-------");
    }

    @Test
    void the_embedded_database_is_gone_back_to_by_name() throws Exception {
        StartedWith.of(home).and(URL, null).write(home);
        StartedWith.of(home).and("embedded", null).write(home);

        assertThat(StartedWith.of(home)).isEqualTo(new StartedWith(null, null));
        assertThat(home).isEmptyDirectory();
    }
}
