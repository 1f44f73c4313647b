package org.ifaas.cli.command;

import java.util.List;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.api.DifferenceView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Connection;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.follow.Follow;
import org.jspecify.annotations.Nullable;

/** Proves that a definition is reproducible, or says what differs. */
record TwoBuilds(Surroundings surroundings, Connection connection, boolean json) {
    ExitCode run(BuildRequest request) throws Exception {
        var first = one(forced(request, request.ref(), request.runTests(), request.requestPublication()));
        if (!first.state().equals("SUCCEEDED")) {
            return exit(first);
        }
        // Only the bytes matter now: the same commit, without what comes after them.
        var second = one(forced(request, first.commit() == null ? request.ref() : first.commit(), false, false));
        if (!second.state().equals("SUCCEEDED")) {
            return exit(second);
        }
        var said = connection.rest().get(Address.of("builds", first.id(), "difference", second.id()));
        var difference = Json.read(said, DifferenceView.class);
        print(said, difference);
        return difference.same() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private BuildView one(BuildRequest request) throws Exception {
        var begun = Json.read(connection.rest().post(Address.of("builds"), request), BuildView.class);
        var follow = new Follow(surroundings, connection, json);
        var exit = follow.toTheEnd(List.of(begun));
        if (exit == ExitCode.INTERRUPTED) {
            throw new Stop(exit, "the second build was not made", "");
        }
        return follow.builds().iterator().next();
    }

    private static ExitCode exit(BuildView build) {
        return build.state().equals("CANCELLED") ? ExitCode.CANCELLED : ExitCode.FAILED;
    }

    private static BuildRequest forced(
            BuildRequest request, @Nullable String ref, @Nullable Boolean runTests, @Nullable Boolean publication) {
        return new BuildRequest(
                request.image(),
                ref,
                request.regions(),
                request.cloud(),
                request.host(),
                request.keepHost(),
                runTests,
                true,
                publication,
                request.copyTo(),
                request.serialSuffix());
    }

    private void print(String said, DifferenceView difference) {
        var out = surroundings.out();
        if (json) {
            out.println(said.strip());
        } else if (difference.same()) {
            out.println();
            out.println("Both builds made the same image, byte for byte: SHA-256 " + difference.sha256());
        } else {
            out.println();
            out.println("The two images differ: SHA-256 " + difference.sha256() + " and " + difference.otherSha256());
            difference.differences().forEach(line -> out.println("  " + line));
            difference.notCompared().forEach(out::println);
        }
    }
}
