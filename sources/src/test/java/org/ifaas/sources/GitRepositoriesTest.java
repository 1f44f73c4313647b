package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.Repository.Listed;
import org.ifaas.factory.source.Repository.Resolved;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitRepositoriesTest {
    @TempDir
    Path temporary;

    private Checkout checkout;
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    static Path common;

    static String first = "";

    /** Made once, and copied for each test. */
    @BeforeAll
    static void commit() throws IOException {
        first = Checkout.in(common.resolve("checkout"))
                .image("tiny")
                .file("images/tiny/run.sh", "#!/bin/sh\n")
                .commit("One image");
    }

    @BeforeEach
    void copy() throws IOException {
        checkout = new Checkout(temporary.resolve("checkout"));
        try (var files = Files.walk(common.resolve("checkout"))) {
            for (var file : files.toList()) {
                Files.copy(
                        file,
                        checkout.folder()
                                .resolve(common.resolve("checkout")
                                        .relativize(file)
                                        .toString()));
            }
        }
    }

    @Test
    void an_image_is_found_at_the_head_of_its_repository() throws Exception {
        assertThat(repositories().resolve("tiny", null))
                .isEqualTo(new Resolved("tiny", "ours", "images/tiny", first, "anna@example.org", true));
    }

    private static final String TOO_SMALL = Checkout.IMAGE.formatted("tiny") + "sizes: {disk_mib: 1}\n";

    @Test
    void a_definition_that_becomes_invalid_stays_as_it_was_and_says_its_error_at_its_line() throws Exception {
        var repositories = repositories();
        assertThat(repositories.definitions()).extracting(Listed::error).containsOnlyNulls();
        var bad = checkout.file("images/tiny/image.yaml", TOO_SMALL).commit("Too small");
        repositories.fetch();

        assertThat(repositories.definitions()).singleElement().satisfies(listed -> {
            assertThat(listed.error()).contains("images/tiny/image.yaml:6: sizes.disk_mib");
            assertThat(listed.definition()).isNotNull();
        });
        var resolved = repositories.resolve("tiny", null);
        assertThat(resolved.commit()).isEqualTo(first);
        assertThat(repositories.warnings(resolved)).singleElement().asString().contains(first, "sizes.disk_mib");
        assertThat(repositories.resolve("tiny", bad).commit()).isEqualTo(bad);
        assertThat(repositories.resolve("tiny", "main").commit()).isEqualTo(bad);
    }

    @Test
    void what_was_good_is_known_after_a_restart_and_a_rewritten_history() throws Exception {
        repositories().definitions();
        checkout.file("images/tiny/image.yaml", TOO_SMALL);
        checkout.git("add", "--all");
        checkout.git("commit", "--quiet", "--amend", "-m", "Another beginning");

        assertThat(repositories().definitions().getFirst().definition()).isNotNull();
        assertThat(repositories().resolve("tiny", null).commit()).isEqualTo(first);
    }

    @Test
    void a_definition_that_is_mended_is_built_as_it_is_now() throws Exception {
        var repositories = repositories();
        repositories.definitions();
        checkout.file("images/tiny/image.yaml", TOO_SMALL).commit("Too small");
        var mended = checkout.image("tiny").commit("Mended");

        assertThat(repositories.resolve("tiny", null).commit()).isEqualTo(mended);
        repositories.fetch();
        assertThat(repositories.definitions()).extracting(Listed::error).containsOnlyNulls();
    }

    @Test
    void a_definition_that_never_was_valid_is_refused_as_it_is() throws Exception {
        var bad = checkout.file("images/odd.one/image.yaml", "name: odd.one\n").commit("Odd");
        var repositories = repositories();
        repositories.definitions();

        var resolved = repositories.resolve("odd.one", null);
        assertThat(resolved.commit()).isEqualTo(bad);
        assertThatThrownBy(() -> repositories.definition(resolved)).isInstanceOf(StageFailure.class);
    }

    @Test
    void two_images_of_one_public_name_are_refused_and_each_names_the_other() throws Exception {
        var same = "publish_as: Standard_Tiny_1_amd64_bios\n";
        var both = checkout.file("images/small/image.yaml", Checkout.IMAGE.formatted("small") + same)
                .commit("Two");
        var repositories = repositories();
        assertThat(repositories.definitions())
                .extracting(Listed::error)
                .satisfiesExactly(
                        small -> assertThat(small)
                                .contains(
                                        "images/small/image.yaml:6: publish_as is “Standard_Tiny_1_amd64_bios”, which is the"
                                                + " public name of tiny too. Write a publish_as of its own"),
                        tiny -> assertThat(tiny)
                                .contains(
                                        "images/tiny/image.yaml:4: publish_as is", "is the public name of small too"));
        var small = repositories.resolve("small", both);
        assertThatThrownBy(() -> repositories.definition(small)).hasMessageContaining("public name of tiny too");

        checkout.image("small").commit("Mended");
        repositories.fetch();
        assertThat(repositories.definitions()).extracting(Listed::error).containsOnlyNulls();
    }

    @Test
    void an_image_whose_folder_is_gone_is_gone() throws Exception {
        var repositories = repositories();
        repositories.definitions();
        checkout.git("rm", "--quiet", "-r", "images/tiny");
        checkout.image("other").commit("Another");
        repositories.fetch();

        assertThat(repositories.definitions()).extracting(Listed::name).containsExactly("other");
        assertThatThrownBy(() -> repositories.resolve("tiny", null)).isInstanceOf(StageFailure.class);
    }

    @Test
    void branches_tags_and_commits_are_refs() throws Exception {
        checkout.git("tag", "-a", "-m", "annotated", "v1");
        checkout.git("checkout", "--quiet", "-b", "feature/x");
        var second = checkout.file("images/tiny/run.sh", "changed").commit("Change");
        checkout.git("checkout", "--quiet", "main");
        var repositories = repositories();
        assertThat(repositories.resolve("tiny", "v1").commit()).isEqualTo(first);
        assertThat(repositories.resolve("tiny", "refs/tags/v1").commit()).isEqualTo(first);
        assertThat(repositories.resolve("tiny", "feature/x").commit()).isEqualTo(second);
        assertThat(repositories.resolve("tiny", "refs/heads/feature/x").commit())
                .isEqualTo(second);
        assertThat(repositories.resolve("tiny", second).commit()).isEqualTo(second);
        assertThat(repositories.resolve("tiny", second.substring(0, 10)).commit())
                .isEqualTo(second);
        assertThat(repositories.resolve("tiny", "HEAD").commit()).isEqualTo(first);
    }

    @Test
    void a_new_commit_is_seen_at_once() throws Exception {
        var repositories = repositories();
        repositories.resolve("tiny", null);
        var second = checkout.image("other").commit("Another");
        assertThat(repositories.resolve("other", null).commit()).isEqualTo(second);
    }

    @Test
    void a_commit_that_no_branch_leads_to_any_more_is_no_longer_offered() throws Exception {
        var second = checkout.image("other").commit("A mistake");
        var repositories = repositories();
        var resolved = repositories.resolve("other", second);
        checkout.git("reset", "--quiet", "--hard", first);
        assertThat(failure(() -> repositories.resolve("tiny", second)).blame()).isEqualTo(Blame.REQUEST);
        // a build that has begun still has it
        assertThat(repositories.definition(resolved).name()).isEqualTo("other");
    }

    @Test
    void an_unknown_image_or_ref_is_named_with_a_mend() {
        var unknown = failure(() -> repositories().resolve("tny", null));
        assertThat(unknown).hasMessage("there is no image definition tny");
        assertThat(unknown.mend()).isEqualTo("Did you mean tiny?");
        assertThat(unknown.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure(() -> repositories().resolve("tiny", "nowhere")))
                .hasMessage("ref is “nowhere”, which is no branch, tag or commit of the repository ours");
        assertThat(failure(() -> repositories().resolve("theirs:tiny", null)))
                .hasMessage("there is no repository “theirs”");
    }

    @Test
    void the_first_of_two_repositories_wins_and_a_prefix_chooses() throws Exception {
        var other = Checkout.in(temporary.resolve("other")).image("tiny").image("more");
        var theirs = other.commit("Theirs");
        var repositories = repositories(
                ours(null),
                new GitRepository("theirs", other.folder().toString(), "images", null, false, GitAccess.OPEN));
        assertThat(repositories.resolve("tiny", null).commit()).isEqualTo(first);
        assertThat(repositories.resolve("theirs:tiny", null))
                .isEqualTo(new Resolved("tiny", "theirs", "images/tiny", theirs, "anna@example.org", false));
        assertThat(repositories.resolve("more", null).trusted()).isFalse();
        assertThat(repositories.definitions())
                .extracting(Listed::repository, Listed::name)
                .containsExactly(tuple("ours", "tiny"), tuple("theirs", "more"), tuple("theirs", "theirs:tiny"));
        for (var listed : repositories.definitions()) {
            assertThat(repositories.nameOf(listed.name(), null)).isEqualTo(listed.name());
            assertThat(repositories.nameOf(listed.qualifiedName(), null)).isEqualTo(listed.name());
            assertThat(repositories.resolve(listed.name(), null).repository()).isEqualTo(listed.repository());
        }
    }

    @Test
    void an_image_has_its_one_name_where_that_means_the_same() throws Exception {
        var other = Checkout.in(temporary.resolve("other")).image("tiny").image("more");
        other.commit("Theirs");
        checkout.git("checkout", "--quiet", "-b", "feature/more");
        checkout.image("more").commit("More of ours");
        checkout.git("checkout", "--quiet", "main");
        var repositories = repositories(
                ours(null),
                new GitRepository("theirs", other.folder().toString(), "images", null, false, GitAccess.OPEN));
        repositories.definitions();
        assertThat(repositories.nameOf("tiny", null)).isEqualTo("tiny");
        assertThat(repositories.nameOf("ours:tiny", null)).isEqualTo("tiny");
        assertThat(repositories.nameOf("theirs:more", null)).isEqualTo("more");
        assertThat(repositories.nameOf("theirs:more", "main")).isEqualTo("more");
        assertThat(repositories.nameOf("theirs:tiny", null)).isEqualTo("theirs:tiny");
        assertThat(repositories.nameOf("theirs:more", "feature/more")).isEqualTo("theirs:more");
        assertThat(repositories.nameOf("nobodys:more", null)).isEqualTo("nobodys:more");
    }

    @Test
    void a_definition_that_cannot_be_read_is_listed_with_its_errors() {
        checkout.file("images/bad/image.yaml", "name: good\n")
                .file("images/no-image/README", "")
                .commit("Bad");
        assertThat(repositories().definitions())
                .extracting(Listed::name, listed -> listed.error() != null)
                .containsExactly(tuple("bad", true), tuple("tiny", false));
        var failure = failure(() -> repositories().definition(repositories().resolve("bad", null)));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure)
                .hasMessageContaining("images/bad/image.yaml:1: name is “good”, which is not the name of its folder");
    }

    @Test
    void files_that_a_definition_names_have_to_be_committed() throws Exception {
        checkout.file("images/tiny/image.yaml", Checkout.IMAGE.formatted("tiny") + "description: build.sh\n")
                .commit("Forgotten");
        checkout.file("images/tiny/build.sh", "");
        assertThat(failure(() -> repositories().definition(repositories().resolve("tiny", null))))
                .hasMessageContaining(
                        "image.yaml:6: description is “build.sh”, which is not in the definition's folder");
        checkout.commit("Found");
        assertThat(failure(() -> repositories().definition(repositories().resolve("tiny", null))))
                .hasMessageContaining("image.yaml:6: description is “build.sh”, which is not executable."
                        + " Run 'git update-index --chmod=+x build.sh' and commit.");
        checkout.executable("images/tiny/build.sh").commit("Executable");
        assertThat(repositories()
                        .definition(repositories().resolve("tiny", null))
                        .description())
                .isEqualTo("build.sh");
    }

    @Test
    void a_script_of_its_own_stages_has_to_be_executable_and_a_test_need_not() throws Exception {
        var yaml = Checkout.IMAGE.formatted("tiny")
                + "tests: {own: [run.sh]}\nstages:\n  - {name: scan, after: build-image, script: run.sh}\n";
        checkout.file("images/tiny/image.yaml", yaml).commit("Not executable");
        assertThat(failure(() -> repositories().definition(repositories().resolve("tiny", null))))
                .hasMessageContaining("image.yaml:8: stages[0].script is “run.sh”, which is not executable");
        checkout.executable("images/tiny/run.sh").commit("Executable");
        assertThat(repositories()
                        .definition(repositories().resolve("tiny", null))
                        .stages())
                .hasSize(1);
    }

    @Test
    void a_folder_that_holds_links_alone_is_there() throws Exception {
        Files.createDirectories(checkout.folder().resolve("images/tiny/system"));
        Files.createSymbolicLink(checkout.folder().resolve("images/tiny/system/packages"), Path.of("../../packages"));
        checkout.file("images/packages", "bash\n")
                .file("images/tiny/image.yaml", Checkout.IMAGE.formatted("tiny") + "description: system\n")
                .commit("Links alone");
        assertThat(repositories()
                        .definition(repositories().resolve("tiny", null))
                        .description())
                .isEqualTo("system");
    }

    @Test
    void a_link_for_an_image_yaml_is_refused() throws Exception {
        Files.createDirectories(checkout.folder().resolve("images/link"));
        Files.createSymbolicLink(checkout.folder().resolve("images/link/image.yaml"), Path.of("/etc/passwd"));
        checkout.commit("A link");
        assertThat(failure(() -> repositories().definition(repositories().resolve("link", null))))
                .hasMessageContaining("is no regular file");
    }

    @Test
    void a_listing_asks_again_only_after_a_while() {
        var repositories = repositories();
        assertThat(repositories.definitions()).hasSize(1);
        checkout.image("other").commit("Another");
        assertThat(repositories.definitions()).hasSize(1);
        now = now.plusSeconds(31);
        assertThat(repositories.definitions()).hasSize(2);
    }

    @Test
    void a_repository_that_is_gone_is_listed_as_it_was_but_not_built_from() throws Exception {
        var repositories = repositories();
        var before = repositories.definitions();
        Files.move(checkout.folder(), temporary.resolve("away"));
        now = now.plusSeconds(31);
        assertThat(repositories.fetch()).containsExactly("ours");
        assertThat(repositories.definitions()).isEqualTo(before);
        var failure = failure(() -> repositories.resolve("tiny", null));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining("can't be fetched: git fetch: fatal:");
    }

    @Test
    void one_that_was_never_there_is_listed_as_such() {
        var repositories =
                repositories(new GitRepository("ours", temporary + "/nowhere", "images", null, true, GitAccess.OPEN));
        assertThat(repositories.definitions()).singleElement().satisfies(listed -> {
            assertThat(listed.name()).isEqualTo("*");
            assertThat(listed.error()).contains("/nowhere can't be read: git fetch: fatal:");
        });
    }

    @Test
    void one_without_a_commit_says_so() throws Exception {
        var empty = Checkout.in(temporary.resolve("empty"));
        var repositories = repositories(
                new GitRepository("ours", empty.folder().toString(), "images", null, true, GitAccess.OPEN));
        assertThat(repositories.definitions().getFirst().error()).contains("it has no commit yet");
    }

    @Test
    void a_configured_ref_is_the_default() throws Exception {
        checkout.git("branch", "stable");
        checkout.image("other").commit("Another");
        assertThat(repositories(ours("stable")).resolve("tiny", null).commit()).isEqualTo(first);
        assertThat(failure(() -> repositories(ours("unstable")).resolve("tiny", null))
                        .blame())
                .isEqualTo(Blame.FACTORY);
    }

    @Test
    void definitions_may_lie_in_the_root_of_a_repository() throws Exception {
        var root = Checkout.in(temporary.resolve("root")).file("tiny/image.yaml", Checkout.IMAGE.formatted("tiny"));
        root.commit("In the root");
        var repositories =
                repositories(new GitRepository("ours", "file://" + root.folder(), "", null, true, GitAccess.OPEN));
        assertThat(repositories.resolve("tiny", null).path()).isEqualTo("tiny");
        assertThat(repositories.definition(repositories.resolve("tiny", null)).name())
                .isEqualTo("tiny");
    }

    @Test
    void a_file_is_read_from_the_commit_and_not_from_the_disk() throws Exception {
        checkout.file("images/tiny/run.sh", "changed since");
        var repositories = repositories();
        var at = repositories.resolve("tiny", null);
        try (var in = repositories.file(at, "run.sh")) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("#!/bin/sh\n");
        }
        for (var path : List.of("../../x", "/etc/passwd", "a\nb", "", ".git/config", "absent")) {
            assertThat(failure(() -> repositories.file(at, path)).blame()).isEqualTo(Blame.IMAGE);
        }
    }

    @Test
    void words_that_the_definitions_mention_are_found_at_the_commit() throws Exception {
        checkout.file("images/common/sources", "URIs: http://mirror.customers.test/debian\n")
                .file("README", "http://elsewhere.test\n")
                .commit("sources");
        var repositories = repositories();
        var at = repositories.resolve("tiny", null);
        checkout.file("images/common/sources", "").commit("none");
        assertThat(repositories.mentioned(
                        at, Set.of("mirror.customers.test", "elsewhere.test", "customers", "mirror.custom", "--x")))
                .containsExactlyInAnyOrder("customers", "mirror.customers.test");
        assertThat(repositories.mentioned(repositories.resolve("tiny", null), Set.of("mirror.customers.test")))
                .isEmpty();
    }

    @Test
    void a_link_is_followed_inside_the_repository_and_never_out_of_it() throws Exception {
        Files.createSymbolicLink(checkout.folder().resolve("images/tiny/inside"), Path.of("../../images/tiny/run.sh"));
        Files.createSymbolicLink(checkout.folder().resolve("images/tiny/outside"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(checkout.folder().resolve("images/tiny/above"), Path.of("../../../x"));
        checkout.commit("Links");
        var repositories = repositories();
        var at = repositories.resolve("tiny", null);
        try (var in = repositories.file(at, "inside")) {
            assertThat(in.readAllBytes()).isEqualTo("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(failure(() -> repositories.file(at, "outside"))).hasMessageContaining("there is no file");
        assertThat(failure(() -> repositories.file(at, "above"))).hasMessageContaining("there is no file");
    }

    @Test
    void a_definition_may_name_what_a_link_leads_to_inside_the_repository_only() throws Exception {
        var yaml = Checkout.IMAGE.formatted("tiny") + "description: run\ntests: {own: [shared/check.sh]}\n";
        checkout.file("images/tiny/image.yaml", yaml).file("common/check.sh", "");
        Files.createSymbolicLink(checkout.folder().resolve("images/tiny/run"), Path.of("run.sh"));
        Files.createSymbolicLink(checkout.folder().resolve("images/tiny/shared"), Path.of("../../common"));
        checkout.commit("Links inside");
        var repositories = repositories();
        assertThat(repositories
                        .definition(repositories.resolve("tiny", null))
                        .tests()
                        .own())
                .containsExactly("shared/check.sh");
        for (var outside : List.of("/etc", "../../../common", "run", "absent")) {
            Files.delete(checkout.folder().resolve("images/tiny/shared"));
            Files.createSymbolicLink(checkout.folder().resolve("images/tiny/shared"), Path.of(outside));
            checkout.commit("A link to " + outside);
            assertThat(failure(() -> repositories.definition(repositories.resolve("tiny", "main"))))
                    .hasMessageContaining("tests.own[0] is “shared/check.sh”, which is not in the definition's folder");
        }
    }

    @Test
    void a_bundle_holds_that_commit_and_nothing_later() throws Exception {
        var later = checkout.file("images/tiny/secret", "later").commit("Later");
        var repositories = repositories();
        var host = unbundled(repositories, repositories.resolve("tiny", first));
        assertThat(host.git("rev-parse", "HEAD")).isEqualTo(first);
        assertThat(host.git("fsck", "--strict")).isEmpty();
        assertThatThrownBy(() -> host.git("cat-file", "-e", later)).isInstanceOf(AssertionError.class);
        host.git("clone", "--quiet", "--branch=build", "--", "../bundle", "clone");
    }

    @Test
    void a_shallow_clone_makes_a_shallow_bundle() throws Exception {
        var second = checkout.image("other").commit("Second");
        checkout.git("clone", "--quiet", "--depth=1", "--", "file://" + checkout.folder(), temporary + "/shallow");
        var repositories =
                repositories(new GitRepository("ours", temporary + "/shallow", "images", null, true, GitAccess.OPEN));
        var host = unbundled(repositories, repositories.resolve("other", null));
        assertThat(host.git("rev-parse", "HEAD")).isEqualTo(second);
        assertThat(host.git("log", "--format=%H")).isEqualTo(second);
    }

    @Test
    void the_mirror_is_made_again_when_it_is_lost() throws Exception {
        var at = repositories().resolve("tiny", null);
        try (var files = Files.walk(temporary.resolve("mirrors"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        assertThat(repositories().definition(at).name()).isEqualTo("tiny");
    }

    @Test
    void a_commit_that_is_nowhere_says_so() {
        var at = new Resolved(
                "tiny", "ours", "images/tiny", "0123456789012345678901234567890123456789", "a@b.org", true);
        assertThat(failure(() -> repositories().definition(at)))
                .hasMessageContaining("is no longer in the repository ours");
    }

    @Test
    void changes_that_are_not_committed_are_warned_of() throws Exception {
        var repositories = repositories();
        var at = repositories.resolve("tiny", null);
        checkout.file("images/tiny/.image.yaml.swp", "")
                .file("images/tiny/run.sh~", "")
                .file("README", "");
        assertThat(repositories.warnings(at)).isEmpty();
        checkout.file("images/tiny/run.sh", "changed")
                .file("images/tiny/new.sh", "")
                .file("images/common/x", "");
        assertThat(repositories.warnings(at))
                .containsExactly("changes in " + checkout.folder()
                        + "/images that are not committed are not built: tiny/run.sh, common/x, tiny/new.sh. Commit them"
                        + " first.");
        checkout.image("other").commit("Done");
        checkout.file("images/other/image.yaml", "changed");
        assertThat(repositories.warnings(repositories.resolve("tiny", null))).isEmpty();
        assertThat(repositories.warnings(repositories.resolve("other", null))).hasSize(1);
    }

    @Test
    void no_hook_filter_or_monitor_of_a_checkout_is_run() throws Exception {
        var trap = temporary.resolve("trap");
        Files.writeString(trap, "#!/bin/sh\ntouch '" + temporary + "/HACKED'\ncat\n");
        assertThat(trap.toFile().setExecutable(true)).isTrue();
        for (var key : List.of("core.fsmonitor", "filter.x.clean", "filter.x.smudge", "uploadpack.packObjectsHook")) {
            checkout.git("config", key, trap.toString());
        }
        Files.createDirectories(checkout.folder().resolve(".git/info"));
        Files.createDirectories(checkout.folder().resolve(".git/hooks"));
        Files.writeString(checkout.folder().resolve(".git/info/attributes"), "* filter=x\n");
        Files.copy(trap, checkout.folder().resolve(".git/hooks/post-checkout"), StandardCopyOption.COPY_ATTRIBUTES);
        var repositories = repositories();
        var at = repositories.resolve("tiny", null);
        checkout.file("images/tiny/run.sh", "changed");
        repositories.warnings(at);
        unbundled(repositories, at);
        assertThat(temporary.resolve("HACKED")).doesNotExist();
    }

    @Test
    void many_may_ask_at_once() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream.range(0, 8)
                    .mapToObj(i -> (Callable<String>)
                            () -> repositories().resolve("tiny", null).commit())
                    .toList();
            for (var commit : threads.invokeAll(tasks)) {
                assertThat(commit.get()).isEqualTo(first);
            }
        }
    }

    @Test
    void a_command_that_takes_too_long_is_ended_with_what_it_started() throws Exception {
        var program = new Program(
                List.of("sh", "-c", "sleep 600 & echo $!; wait"), temporary, Map.of(), Duration.ofMillis(700), 100);
        var printed = new ByteArrayOutputStream();
        assertThatThrownBy(() -> program.run(new byte[0], printed))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("took longer");
        long child = Long.parseLong(printed.toString(StandardCharsets.UTF_8).strip());
        var gone = ProcessHandle.of(child).map(ProcessHandle::onExit);
        if (gone.isPresent()) {
            gone.get().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_command_that_prints_too_much_is_ended() {
        var program = new Program(List.of("yes"), temporary, Map.of(), Duration.ofSeconds(30), 1000);
        assertThatThrownBy(() -> program.run(new byte[0])).hasMessage("yes printed more than 1000 bytes");
    }

    private Checkout unbundled(GitRepositories repositories, Resolved at) throws Exception {
        try (var out = Files.newOutputStream(temporary.resolve("bundle"))) {
            repositories.bundle(at, out);
        }
        var host = Checkout.in(temporary.resolve("host"));
        host.file(".git/shallow", at.commit() + "\n");
        host.git("fetch", "--quiet", "../bundle", "refs/heads/build");
        host.git("-c", "core.hooksPath=/dev/null", "checkout", "--quiet", "--detach", at.commit());
        return host;
    }

    private GitRepository ours(@Nullable String ref) {
        return new GitRepository("ours", checkout.folder().toString(), "images", ref, true, GitAccess.OPEN);
    }

    private GitRepositories repositories(GitRepository... repositories) {
        InstantSource clock = () -> now;
        return new GitRepositories(
                repositories.length == 0 ? List.of(ours(null)) : List.of(repositories),
                temporary.resolve("mirrors"),
                GitPolicy.defaults(),
                clock);
    }

    private static StageFailure failure(ThrowableAssert.ThrowingCallable call) {
        var failure = catchThrowableOfType(StageFailure.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }
}
