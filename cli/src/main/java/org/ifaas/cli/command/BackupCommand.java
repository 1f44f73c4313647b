package org.ifaas.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.view.Amounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Write a back-up of the factory's database to a file; `ifaas restore` reads it.")
final class BackupCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Parameters(paramLabel = "FILE", description = "Where to; replaced only when the back-up is whole.")
    private Path file = Path.of("");

    BackupCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        try (var target = new BackupTarget(file)) {
            query.rest().download(Address.of("backup"), target);
            surroundings
                    .out()
                    .println("Wrote " + file.toAbsolutePath().normalize() + ", " + Amounts.size(target.take()));
        }
        return 0;
    }
}
