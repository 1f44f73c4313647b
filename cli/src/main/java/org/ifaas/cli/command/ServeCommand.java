package org.ifaas.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.FactoryStart;
import org.ifaas.cli.factory.RunningFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Keep a factory running, in the foreground. Commands that need a factory use it.")
final class ServeCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final FactoryOptions factory;

    @Option(names = "--port", paramLabel = "N", description = "Port. Default: a free one.")
    private @Nullable Integer port;

    @Option(names = "--idle-exit", description = "End when there is nothing to do.")
    private boolean idleExit;

    @Option(names = "--detach", description = "Keep it running in the background.")
    private boolean detach;

    @Option(names = "--stop", description = "Stop the one that runs. Its builds go on when a factory starts again.")
    private boolean stop;

    /** The launcher asks for the arguments and then becomes the factory, so that no second process stays in memory. */
    @Option(names = "--print-arguments", hidden = true)
    private boolean printArguments;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    private boolean help;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.factory = new FactoryOptions(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var home = factory.home();
        if (stop) {
            surroundings
                    .out()
                    .println(RunningFactory.stop(home) ? "The factory is stopped" : "No factory runs for " + home);
            return 0;
        }
        var running = RunningFactory.find(home);
        if (running.isPresent()) {
            throw new Stop(
                    ExitCode.USAGE,
                    "a factory runs for " + home + " (process " + running.get().pid() + ")",
                    "Use it, or stop it: " + surroundings.hints().of("serve --stop"));
        }
        var options = new ArrayList<>(factory.serveArguments());
        if (port != null) {
            options.add("--port");
            options.add(port.toString());
        }
        if (idleExit) {
            options.add("--idle-exit");
        }
        if (detach) {
            var started = new FactoryStart(surroundings, home, options).start();
            surroundings
                    .out()
                    .println("The factory runs as process " + started.pid() + ". "
                            + surroundings
                                    .hints()
                                    .in("'ifaas console' says where its console is, with --new-password also how to"
                                            + " sign in."));
            return 0;
        }
        options.addAll(0, List.of("serve", "--home", home.toString()));
        if (printArguments) {
            options.forEach(surroundings.out()::println);
            return 0;
        }
        return new ServerProcess(surroundings).run(options);
    }
}
