package org.ifaas.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.follow.Interrupts;

/** Runs the factory's own program in the foreground, on this terminal. */
record ServerProcess(Surroundings surroundings) {
    /** Its exit code. Ctrl-C reaches it too, as it is in the same process group; it ends in its own time. */
    int run(List<String> arguments) throws IOException, InterruptedException {
        var root = surroundings.root();
        if (root == null) {
            throw new Stop(ExitCode.UNREACHABLE, "this needs the launcher", "Call ifaas, in the factory's folder.");
        }
        var command = new ArrayList<>(List.of(root.resolve("bin/factory").toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).inheritIO();
        if (surroundings.product() != null) {
            builder.environment().put("IFAAS_PRODUCT", surroundings.product());
        }
        try (var ignored = new Interrupts(() -> {})) {
            return builder.start().waitFor();
        }
    }
}
