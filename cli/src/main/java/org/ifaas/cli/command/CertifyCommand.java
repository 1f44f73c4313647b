package org.ifaas.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ifaas.api.StepView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Certification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What confirm and refuse share. */
sealed class CertifyCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final String decision;

    @Mixin
    private final Query query;

    @Option(
            names = "--evidence",
            paramLabel = "FILE|URL",
            description = "What proves it: a file, which is kept with the build, or its address.")
    private @Nullable String evidence;

    @Option(names = "--note", paramLabel = "TEXT", description = "A sentence for whoever reads it later.")
    private @Nullable String note;

    @Parameters(index = "0", paramLabel = "BUILD", description = "The build whose release it is.")
    private String build = "";

    @Parameters(index = "1", paramLabel = "STEP", description = "A step of its certification; `ifaas show` lists them.")
    private String step = "";

    private CertifyCommand(Surroundings surroundings, String decision) {
        this.surroundings = surroundings;
        this.decision = decision;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var address = Address.of("certification", build, step)
                .with("decision", decision)
                .with("note", note);
        var said = evidence == null || evidence.matches("https?://.*")
                ? query.rest().post(address.with("evidence", evidence), null)
                : query.rest().postFile(address.with("name", file(evidence).getFileName()), file(evidence));
        if (!query.printed(said)) {
            Certification.lines(Json.list(said, StepView.class)).forEach(surroundings.out()::println);
        }
        return 0;
    }

    private static Path file(String name) {
        var file = Path.of(name);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Stop(
                    ExitCode.USAGE,
                    "evidence: there is no file " + name + " that can be read",
                    "Name a file, or an address that begins with https://.");
        }
        return file;
    }

    @Command(
            name = "confirm",
            description = "Confirm a step of a release's certification, with evidence, so that it can be approved.")
    static final class Confirm extends CertifyCommand {
        Confirm(Surroundings surroundings) {
            super(surroundings, "confirm");
        }
    }

    @Command(name = "refuse", description = "Refuse a step of a release's certification: it can't be approved then.")
    static final class Refuse extends CertifyCommand {
        Refuse(Surroundings surroundings) {
            super(surroundings, "refuse");
        }
    }
}
