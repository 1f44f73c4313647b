package org.ifaas.factory.stage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.fact.HostConnected;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.SourcesCheckedOut;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.source.Repository;

/**
 * Stage 4: puts exactly that commit on the build host. The host gets a git bundle, no credential and no address of the
 * repository.
 */
public final class CheckOutSources implements Stage<SourcesCheckedOut> {
    private static final String BUNDLE = HostFolders.WORK + "/sources.bundle";
    private static final String TREE = HostFolders.WORK + "/sources";

    /** As a shell says it: a vendor's image has no git. */
    private static final int NO_SUCH_COMMAND = 127;

    private final Remote remote;
    private final Repository repository;
    private final HostPackages packages;

    public CheckOutSources(Remote remote, Repository repository, HostPackages packages) {
        this.remote = remote;
        this.repository = repository;
        this.packages = packages;
    }

    @Override
    public StageName name() {
        return StageName.CHECK_OUT_SOURCES;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(HostConnected.class);
    }

    @Override
    public Class<SourcesCheckedOut> makes() {
        return SourcesCheckedOut.class;
    }

    @Override
    public SourcesCheckedOut run(StageContext build) throws StageFailure, InterruptedException {
        var source = build.fact(Inputs.class).source();
        var spawned = build.fact(HostSpawned.class);
        var bundle = build.folder().resolve("sources.bundle");
        try (var connection = remote.connect(spawned.host(), spawned.userKey(), Duration.ofMinutes(1))) {
            try (var out = Files.newOutputStream(bundle)) {
                repository.bundle(source, out);
            }
            connection.read(Command.of("rm", "-rf", "--", TREE), Duration.ofMinutes(1));
            try (var in = Files.newInputStream(bundle)) {
                connection.upload(in, BUNDLE, 0600);
            }
            // the history before it may be missing in the bundle, and isn't wanted
            var boundary = (source.commit() + "\n").getBytes(StandardCharsets.US_ASCII);
            connection.upload(new ByteArrayInputStream(boundary), TREE + "/.git/shallow", 0600);
            for (var command : List.of(
                    git("init", "--quiet", TREE),
                    git("-C", TREE, "fetch", "--quiet", BUNDLE, "refs/heads/build"),
                    git("-C", TREE, "checkout", "--quiet", "--detach", source.commit()))) {
                int code = connection.run(command, build.log(), Duration.ofMinutes(5));
                if (code == NO_SUCH_COMMAND) {
                    packages.install("git", List.of("git"), connection, build);
                    code = connection.run(command, build.log(), Duration.ofMinutes(5));
                }
                if (code != 0) {
                    throw HostAnswers.failed("git " + command.argv().get(1), code);
                }
            }
            var commit = connection
                    .read(git("-C", TREE, "rev-parse", "HEAD"), Duration.ofMinutes(1))
                    .strip();
            if (!commit.equals(source.commit())) {
                throw new StageFailure(
                        Blame.HOST,
                        "the build host has commit " + commit + " instead of " + source.commit(),
                        "A fresh host is tried by itself.");
            }
            build.log().line("%s of %s is on the host", source.commit(), source.repository());
            return new SourcesCheckedOut(commit, TREE + "/" + source.path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Command git(String... arguments) {
        var argv = new ArrayList<>(List.of("git"));
        argv.addAll(List.of(arguments));
        return new Command(argv, Map.of("GIT_CONFIG_NOSYSTEM", "1", "HOME", HostFolders.WORK), "/");
    }
}
