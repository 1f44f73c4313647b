package org.ifaas.hosts.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRootsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void an_unknown_system_is_named_with_those_that_can_be_had() {
        assertThatThrownBy(() -> new HostRoots(folder).prepare("beos-5", List.of(), List.of("deb x y z"), _ -> {}))
                .hasMessageContaining("'beos-5'")
                .asInstanceOf(type(StageFailure.class))
                .satisfies(failure -> assertThat(failure.mend()).contains("[debian-12, debian-13]"))
                .extracting(StageFailure::blame, InstanceOfAssertFactories.type(Blame.class))
                .isEqualTo(Blame.FACTORY);
    }

    @Test
    void without_a_mirror_the_factory_is_to_blame() {
        assertThatThrownBy(() -> new HostRoots(folder).prepare("debian-12", List.of(), List.of(), _ -> {}))
                .hasMessageContaining("no package mirror");
    }

    @Test
    void the_roots_used_last_and_those_in_use_are_kept() throws Exception {
        for (int day = 1; day <= 5; day++) {
            root("root-" + day, Instant.parse("2026-11-0" + day + "T00:00:00Z"));
        }
        var kept = new KeptRoots(folder);
        var living = Files.createDirectory(folder.resolve("host"));
        kept.hold(folder.resolve("root-1"), living);
        kept.hold(folder.resolve("root-2"), folder.resolve("a host that is gone"));
        kept.removeUnused(2, folder.resolve("root-5"), NOW);
        assertThat(roots()).containsExactly("root-1", "root-4", "root-5");
    }

    @Test
    void a_root_that_was_just_handed_out_is_kept() throws Exception {
        root("root-1", NOW.minusSeconds(60));
        root("root-2", NOW);
        new KeptRoots(folder).removeUnused(0, folder.resolve("root-2"), NOW);
        assertThat(roots()).containsExactly("root-1", "root-2");
    }

    @Test
    void the_package_cache_keeps_what_came_last() throws Exception {
        var cache = Files.createDirectory(folder.resolve("packages"));
        for (int i = 1; i <= 4; i++) {
            var one = Files.write(cache.resolve(i + ".deb"), new byte[1000]);
            Files.setLastModifiedTime(one, FileTime.from(NOW.plusSeconds(i)));
        }
        new KeptRoots(folder).boundPackages(cache, 2500);
        assertThat(cache).isDirectoryNotContaining(file -> file.endsWith("1.deb") || file.endsWith("2.deb"));
        assertThat(cache).isDirectoryContaining(file -> file.endsWith("3.deb"));
    }

    private void root(String name, Instant used) throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("file"), "");
        Files.setLastModifiedTime(Files.createFile(folder.resolve(name + ".used")), FileTime.from(used));
    }

    private List<String> roots() throws Exception {
        try (var all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("root-\\d"))
                    .sorted()
                    .toList();
        }
    }
}
