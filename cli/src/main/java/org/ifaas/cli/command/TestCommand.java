package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.follow.Follow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "test",
        description = "Test an image that exists already, as a definition says, and change nothing of it.")
final class TestCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    /** Which image. */
    static final class Subject {
        @Option(names = "--id", paramLabel = "REGION/ID", description = "The image with that id in that region.")
        @Nullable
        String id;

        @Option(
                names = "--file",
                paramLabel = "NAME",
                description = "A qcow2 in the factory's folder of images to test, `to-test` in its home.")
        @Nullable
        String file;
    }

    @ArgGroup(multiplicity = "1")
    private Subject subject = new Subject();

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "Git branch, tag or commit of the definitions' repository.")
    private @Nullable String ref;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Where a file is booted. Default: the home region.")
    private @Nullable String region;

    @Option(names = "--detach", description = "Do not wait; print the build's id.")
    private boolean detach;

    @Parameters(paramLabel = "IMAGE", description = "The image definition that names tests, user, firmware and sizes.")
    private String image = "";

    TestCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var connection = query.factory.connection();
        var request = new BuildRequest(
                image,
                ref,
                region == null ? null : List.of(region),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                "test",
                subject.id,
                subject.file);
        var said = connection.rest().post(Address.of("builds"), request);
        var build = Json.read(said, BuildView.class);
        if (!detach) {
            return new Follow(surroundings, connection, query.json)
                    .toTheEnd(List.of(build))
                    .code();
        }
        if (!query.printed(said)) {
            surroundings.out().println(build.id());
        }
        return 0;
    }
}
