package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, refs and addresses from somebody who means harm; the repository behind them is real. */
class HostileRefsTest {
    @TempDir
    Path temporary;

    @Test
    void an_option_as_a_ref_would_be_run_by_git_and_is_not() throws Exception {
        var checkout = Checkout.in(temporary.resolve("checkout")).image("tiny");
        checkout.commit("One image");
        var ref = "--upload-pack=touch " + temporary.resolve("HACKED") + ";git-upload-pack";
        assertThat(failure(() -> repositories().resolve("tiny", ref)).blame()).isEqualTo(Blame.REQUEST);
        assertThat(temporary.resolve("HACKED")).doesNotExist();
        // the trap is real: handed to git as it is, it snaps
        checkout.git("-c", "protocol.file.allow=always", "fetch", ".", "--upload-pack=touch ../HACKED;git-upload-pack");
        assertThat(temporary.resolve("HACKED")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--upload-pack=touch HACKED",
                "-x",
                "$(touch HACKED)",
                "`touch HACKED`",
                "main;touch HACKED",
                "main\n",
                "a\nb",
                "a..b",
                "main@{0}",
                "main^",
                "main~1",
                "main:images",
                ":/One",
                "",
                "a\u0000b"
            })
    void a_hostile_ref_is_refused_by_name(String ref) {
        var failure = failure(() -> repositories().resolve("tiny", ref));
        assertThat(failure.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure).hasMessageStartingWith("ref is “").hasMessageContaining("no name of a branch or tag");
        assertThat(failure.getMessage()).doesNotContain("\n").doesNotContain("\u0000");
        assertThat(failure.mend()).isNotEmpty();
        assertThat(temporary).isDirectoryNotContaining("glob:**HACKED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../tiny",
                "tiny/../tiny",
                "",
                ".",
                "..",
                "a..b",
                "Tiny",
                "-x",
                "tiny\n",
                "$(id)",
                "ours:",
                "ours:../x"
            })
    void a_hostile_name_is_refused(String image) {
        var failure = failure(() -> repositories().resolve(image, null));
        assertThat(failure.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure).hasMessageStartingWith("image is “");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c 'touch HACKED'",
                "--upload-pack=x",
                "-x",
                "relative",
                "fd::3",
                "/a\nb",
                "file://x::y",
                "file://elsewhere/x",
                "javascript:x",
                "https://host.example",
                "https://a@b@host.example/x",
                "https://host.example\\@evil.example/x",
                "https://host.example/a b",
                "https://-host.example/x",
                "ssh://-oProxyCommand=touch/x",
                "-oProxyCommand=x@host.example:x",
                "git@-oProxyCommand=x:x",
                "http://host.example/x",
                "git://host.example/x"
            })
    void a_hostile_address_is_refused(String url) {
        assertThatThrownBy(() -> new GitRepository("ours", url, "images", null, true, GitAccess.OPEN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("url");
    }

    private GitRepositories repositories() {
        var ours = new GitRepository("ours", temporary + "/checkout", "images", null, true, GitAccess.OPEN);
        return new GitRepositories(
                List.of(ours), temporary.resolve("mirrors"), GitPolicy.defaults(), InstantSource.system());
    }

    private static StageFailure failure(ThrowingCallable call) {
        var failure = catchThrowableOfType(StageFailure.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }
}
