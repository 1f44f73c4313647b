package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.Decision;
import org.ifaas.api.RequestView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Columns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What approve and reject share. */
abstract sealed class DecideCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final String verb;

    @Mixin
    private final Query query;

    @Parameters(paramLabel = "BUILD", description = "The build that asked for publication.")
    private String build = "";

    /** What is said beside the verb. */
    abstract Object decision();

    private DecideCommand(Surroundings surroundings, String verb) {
        this.surroundings = surroundings;
        this.verb = verb;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.rest().post(Address.of("requests", build, verb), decision());
        if (query.printed(said)) {
            return 0;
        }
        var request = Json.read(said, RequestView.class);
        var how = request.how() == null ? "" : " (" + request.how() + ")";
        var leftOut = Words.leftOut(request);
        var out = surroundings.out();
        out.println(request.image() + " " + request.serial() + " is " + Words.state(request.state()) + how
                + switch (request.state()) {
                    case "PUBLISHED" -> " as " + Words.publicName(request);
                    case "APPROVED" -> ", to be public as " + Words.publicName(request);
                    default -> "";
                });
        if (request.state().equals("PUBLISHED")) {
            request.images().stream()
                    .filter(image -> !leftOut.contains(image.substring(0, Math.max(0, image.lastIndexOf('/')))))
                    .forEach(image -> out.println("  " + image));
        } else {
            for (var region : request.regions()) {
                var why = region.reason() == null ? "" : ": " + region.reason();
                out.println("  " + Columns.clean(region.region() + " " + Words.state(region.state()) + why));
            }
        }
        leftOut.forEach(
                region -> out.println("  " + Columns.clean(region) + " left out: the image stays private there"));
        return 0;
    }

    @Command(
            name = "approve",
            description =
                    "Approve a publication request: when all its regions have verified the image, it becomes public there,"
                            + " its predecessor _prev1, and hidden unless its definition says otherwise.")
    static final class Approve extends DecideCommand {
        @Option(
                names = "--sha256",
                paramLabel = "DIGEST",
                description =
                        "Of the image that you have looked at: nothing is approved if the build has another by now.")
        private @Nullable String sha256;

        @Option(
                names = "--without",
                paramLabel = "REGION",
                split = ",",
                description =
                        "Regions that are left out: no other waits for them, and the image stays private there until it is"
                                + " approved without this option.")
        private @Nullable List<String> without;

        Approve(Surroundings surroundings) {
            super(surroundings, "approve");
        }

        @Override
        Object decision() {
            return new org.ifaas.api.Approve(sha256, without);
        }
    }

    @Command(name = "reject", description = "Reject a publication request; the image stays private.")
    static final class Reject extends DecideCommand {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the request.")
        private @Nullable String reason;

        Reject(Surroundings surroundings) {
            super(surroundings, "reject");
        }

        @Override
        Object decision() {
            return new Decision(reason);
        }
    }
}
