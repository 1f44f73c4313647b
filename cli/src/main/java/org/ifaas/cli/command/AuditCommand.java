package org.ifaas.cli.command;

import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.AuditView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "audit", description = "List who decided what, newest first.")
final class AuditCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many (default 50).")
    private int limit;

    @Option(names = "--before", paramLabel = "NUMBER", description = "Only entries before that one.")
    private @Nullable Integer before;

    AuditCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("audit")
                .with("limit", Integer.toString(limit))
                .with("before", before == null ? null : before.toString()));
        if (query.printed(said)) {
            return 0;
        }
        var table = new Table("NUMBER", "WHEN", "WHO", "WHAT", "ABOUT", "DETAILS");
        for (var entry : Json.list(said, AuditView.class)) {
            table.row(
                    Long.toString(entry.number()),
                    Amounts.dayAndTime(entry.at(), surroundings.zone()),
                    entry.who(),
                    entry.action(),
                    entry.object(),
                    new TreeMap<>(entry.details())
                            .entrySet().stream()
                                    .map(detail -> detail.getKey() + "=" + detail.getValue())
                                    .collect(Collectors.joining(" ")));
        }
        table.print(surroundings, "Nothing was decided yet.");
        return 0;
    }

    @Command(name = "verify", description = "Prove that no entry was changed or removed, or name the first that was.")
    static final class Verify implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final Query query;

        @Option(
                names = "--head",
                paramLabel = "HASH",
                description = "A head that was noted earlier: proves that nothing was cut off the end.")
        private @Nullable String head;

        Verify(Surroundings surroundings) {
            this.surroundings = surroundings;
            this.query = new Query(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            var said = query.get(Address.of("audit", "verify").with("head", head));
            var verdict = Json.read(said, AuditVerdict.class);
            if (!query.printed(said)) {
                var out = surroundings.out();
                if (verdict.whole()) {
                    out.println("The audit log is whole: " + verdict.entries() + " entries");
                    out.println("  Head  " + verdict.head());
                } else {
                    out.println("The audit log is broken at number " + verdict.brokenAt() + ": " + verdict.why());
                    out.println("  The " + verdict.entries() + " entries before it hold.");
                }
            }
            return (verdict.whole() ? ExitCode.OK : ExitCode.CHECK_FAILED).code();
        }
    }
}
