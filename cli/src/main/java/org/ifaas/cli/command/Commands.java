package org.ifaas.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ifaas.cli.Surroundings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All commands, in the order in which help lists them. Making one costs time, so only what a call needs is made. */
public final class Commands {
    private static final Map<String, Function<Surroundings, Object>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("build", BuildCommand::new);
        ALL.put("test", TestCommand::new);
        ALL.put("images", ImagesCommand::new);
        ALL.put("builds", BuildsCommand::new);
        ALL.put("show", ShowCommand::new);
        ALL.put("logs", LogsCommand::new);
        ALL.put("cancel", CancelCommand::new);
        ALL.put("retry", RetryCommand::new);
        ALL.put("releases", ReleasesCommand::new);
        ALL.put("diff", DiffCommand::new);
        ALL.put("verify", VerifyCommand::new);
        ALL.put("resign", ResignCommand::new);
        ALL.put("requests", RequestsCommand::new);
        ALL.put("confirm", CertifyCommand.Confirm::new);
        ALL.put("refuse", CertifyCommand.Refuse::new);
        ALL.put("approve", DecideCommand.Approve::new);
        ALL.put("reject", DecideCommand.Reject::new);
        ALL.put("schedules", SchedulesCommand::new);
        ALL.put("hosts", HostsCommand::new);
        ALL.put("audit", AuditCommand::new);
        ALL.put("tokens", TokensCommand::new);
        ALL.put("doctor", DoctorCommand::new);
        ALL.put("serve", ServeCommand::new);
        ALL.put("publisher", PublisherCommand::new);
        ALL.put("status", StatusCommand::new);
        ALL.put("console", ConsoleCommand::new);
        ALL.put("backup", BackupCommand::new);
        ALL.put("restore", RestoreCommand::new);
        ALL.put("completion", CompletionCommand::new);
        ALL.put("help", HelpCommand::new);
    }

    private Commands() {}

    static Stream<String> names() {
        return ALL.keySet().stream();
    }

    /** The parser for these arguments; it may lack commands that they do not name. */
    public static CommandLine line(Surroundings surroundings, String... arguments) {
        var line = new CommandLine(new Ifaas());
        var named = arguments.length == 0 ? "" : arguments[0];
        boolean all = named.equals("help") || named.equals("completion") && arguments.length == 1;
        boolean one = ALL.containsKey(named) && !all;
        ALL.forEach((name, command) -> {
            if (!one || name.equals(named)) {
                line.addSubcommand(name, command.apply(surroundings));
            }
        });
        var hosts = line.getSubcommands().get("hosts");
        if (hosts != null) {
            hosts.addSubcommand("keep", new HostsCommand.Keep(surroundings));
            hosts.addSubcommand("destroy", new HostsCommand.Destroy(surroundings));
        }
        var schedules = line.getSubcommands().get("schedules");
        if (schedules != null) {
            schedules.addSubcommand("pause", new SchedulesCommand.Pause(surroundings));
            schedules.addSubcommand("resume", new SchedulesCommand.Resume(surroundings));
        }
        var audit = line.getSubcommands().get("audit");
        if (audit != null) {
            audit.addSubcommand("verify", new AuditCommand.Verify(surroundings));
        }
        var tokens = line.getSubcommands().get("tokens");
        if (tokens != null) {
            tokens.addSubcommand("create", new TokensCommand.Create(surroundings));
            tokens.addSubcommand("revoke", new TokensCommand.Revoke(surroundings));
        }
        return line;
    }

    @Command(
            name = "ifaas",
            header = "Image Factory: builds, tests, signs and publishes images for OpenStack clouds.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "A command that needs a factory starts one where none runs; with IFAAS_URL and",
                "IFAAS_TOKEN it asks the factory there instead.",
                "More: ifaas help COMMAND; ifaas help exit-codes"
            })
    private static final class Ifaas implements Runnable {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Say what there is.")
        private boolean help;

        @Option(names = "--version", versionHelp = true, description = "Print the version.")
        private boolean version;

        @picocli.CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "no command is given");
        }
    }
}
