package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.DifferenceView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "diff", description = "Say how the images of two releases differ: packages, sizes, files.")
final class DiffCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Parameters(index = "0", paramLabel = "RELEASE", description = "IMAGE/SERIAL, or the id of its build.")
    private String one = "";

    @Parameters(index = "1", paramLabel = "OTHER", description = "The other, in the same way.")
    private String other = "";

    DiffCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("builds", build(one), "difference", build(other)));
        if (query.printed(said)) {
            return 0;
        }
        var out = surroundings.out();
        var difference = Json.read(said, DifferenceView.class);
        if (difference.same()) {
            out.println("The same image, byte for byte: SHA-256 " + difference.sha256());
        } else {
            out.println("SHA-256 " + difference.sha256() + " and " + difference.otherSha256());
            difference.differences().forEach(line -> out.println("  " + line));
            difference.notCompared().forEach(out::println);
        }
        return 0;
    }

    /** A serial has the id of the release's build behind its date. */
    private static String build(String release) {
        var parts = release.substring(release.lastIndexOf('/') + 1).split("-", 3);
        return release.contains("/") && parts.length > 1 ? parts[1] : release;
    }
}
